"""Files that people attach: bytes in; kind, what is hidden in them, text and pictures out."""

from monitor.attachments.kinds import ACCEPTED, KINDS, Kind, extension, safe_name
from monitor.attachments.looking import Inspected, Picture, inspect
from monitor.attachments.refusals import FileRefused
from monitor.attachments.traces import Trace

__all__ = [
    "ACCEPTED",
    "KINDS",
    "FileRefused",
    "Inspected",
    "Kind",
    "Picture",
    "Trace",
    "extension",
    "inspect",
    "safe_name",
]
