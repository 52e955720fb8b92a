"""What a program must satisfy."""
