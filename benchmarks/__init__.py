"""Measurements that are taken by hand; each module says what it measures and with which command."""
