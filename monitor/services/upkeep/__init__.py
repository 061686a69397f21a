"""What the service does for itself: verify the chains, seal the day, teach by examples."""

from monitor.services.upkeep.chains import Verdict, verify
from monitor.services.upkeep.learning import labels_from_decisions
from monitor.services.upkeep.sealing import seal_days

__all__ = ["Verdict", "labels_from_decisions", "seal_days", "verify"]
