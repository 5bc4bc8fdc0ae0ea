"""Prints plain values: finished text in, the bytes of a PDF out.

The package knows nothing of prescriptions, batches or databases, and imports nothing of the pharmacy.
"""
