"""What the service does for itself: verify the chains, seal the day."""

from monitor.services.upkeep.chains import Verdict, verify
from monitor.services.upkeep.sealing import seal_days

__all__ = ["Verdict", "seal_days", "verify"]
