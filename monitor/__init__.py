"""回应台: records come in, are answered in time, and are published only after review."""
