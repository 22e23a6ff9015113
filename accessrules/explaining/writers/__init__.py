"""Writers: a document set as text, Markdown or HTML."""

from accessrules.explaining.writers.html import write_html
from accessrules.explaining.writers.markdown import write_markdown
from accessrules.explaining.writers.text import write_text

__all__ = ["write_html", "write_markdown", "write_text"]
