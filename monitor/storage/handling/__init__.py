"""Tables of handling beside the order itself: parts of co-sections, sampling, files kept."""
