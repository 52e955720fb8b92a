class InsufficientFunds(Exception):
    def __init__(self, need, have):
        super().__init__(f"need {need}, have {have}")
        self.need = need
        self.have = have


class Account:
    """A bank account."""

    interest = 0.02

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.log = []

    def deposit(self, n):
        if n <= 0:
            raise ValueError("bad amount")
        self.balance += n
        self.log.append(("deposit", n))
        return self.balance

    def withdraw(self, n):
        if n > self.balance:
            raise InsufficientFunds(n, self.balance)
        self.balance -= n
        self.log.append(("withdraw", n))
        return self.balance

    def __repr__(self):
        return f"Account({self.owner!r}, {self.balance})"


def f(a, b):
    acc = Account("bob", a)
    try:
        acc.withdraw(b)
    except InsufficientFunds as e:
        return str(e), e.need - e.have, repr(acc)
    acc.deposit(10)
    return repr(acc), acc.log, Account.interest


#: f(10, 5)
#: f(5, 10)
