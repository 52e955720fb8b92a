"""Work that is done in other processes: typed jobs, framed pipes, and what runs at the other end of them under limits."""
