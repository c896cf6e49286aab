"""Measurements that anyone can run: one module a data set, each predicts, scores and prints."""
