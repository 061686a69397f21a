"""Near-duplicates and similar closed orders, by runs of characters: no model, no state."""

from classifiers.similar.bands import BANDS, fingerprint, fingerprints
from classifiers.similar.letters import Letter
from classifiers.similar.places import Place, differing, places
from classifiers.similar.ranking import closeness
from classifiers.similar.wording import keywords, likeness, nearness, resemblance, rules, shared

__all__ = [
    "BANDS",
    "Letter",
    "Place",
    "closeness",
    "differing",
    "fingerprint",
    "fingerprints",
    "keywords",
    "likeness",
    "nearness",
    "places",
    "resemblance",
    "rules",
    "shared",
]
