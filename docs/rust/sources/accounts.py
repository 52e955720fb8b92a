"""Accounts that may be overdrawn up to a limit."""


class Account:
    """Money of one owner, in cents."""

    def __init__(self, owner: str, balance: int = 0):
        self.owner = owner
        self.balance = balance

    def deposit(self, amount: int) -> None:
        """Add money."""
        if amount <= 0:
            raise ValueError("nothing to add")
        self.balance += amount

    def withdraw(self, amount: int, limit: int) -> bool:
        """Take money, unless less than `-limit` would be left."""
        if self.balance - amount < -limit:
            return False
        self.balance -= amount
        return True


def settle(movements: list[int], limit: int) -> tuple[int, int]:
    """Return the balance after all movements, and how many were refused.

    >>> settle([100, -30, -200], 50)
    (70, 1)
    """
    account = Account("somebody")
    refused = 0
    for amount in movements:
        if amount >= 0:
            account.deposit(amount)
        elif not account.withdraw(-amount, limit):
            refused += 1
    return account.balance, refused
