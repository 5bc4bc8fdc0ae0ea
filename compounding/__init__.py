"""Compounding and dispensing of low-dose naltrexone: prescriptions in, labelled bottles and their cost out."""
