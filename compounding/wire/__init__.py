"""How printers are spoken to: bytes to a socket, an answer back. Nothing here knows a row, a patient or a page."""
