"""What is this user's own on this machine: the key that signs files, folders and files that nobody else can read or write."""
