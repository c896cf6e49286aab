"""Tellings of one incident found across reports: copies, candidates, pair scores, clusters, reasons."""
