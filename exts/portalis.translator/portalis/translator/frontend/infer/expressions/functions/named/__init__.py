"""What has a name: named tuples, and attributes that are asked for by a text."""
