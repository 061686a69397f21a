"""Child side: what stops the look at a file."""


class Unfit(Exception):
    """The file is refused; `code` and `details` become a sentence in the parent."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
