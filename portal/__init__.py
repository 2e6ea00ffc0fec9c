"""Governance Academy (治理学堂): a training and capability portal for governance staff."""

__version__ = "0.1.0"
