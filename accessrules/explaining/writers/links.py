"""Which addresses become links."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["is_web_address"]


def is_web_address(url: str) -> bool:
    """Whether it is an address on the web: nothing else is ever a link.

    >>> is_web_address("https://www.gov.cn/x"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
