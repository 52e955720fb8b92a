#: visited('bob', [1, 2])
#: visited('', [])
#: visited('eve', [5, -7, 6])
"""Names that CPython gives another name in each class, in a hierarchy; and a function whose name is private only to people."""


class Account:
    __rate = 2
    opened = 0

    def __init__(self, owner, balance=0):
        self.__owner = owner
        self.__balance = balance
        self.__log = []

    def deposit(self, amount):
        self.__add(amount * Account.__rate)
        return self

    def __add(self, __amount):
        self.__balance += __amount
        self.__log.append(__amount)

    @property
    def balance(self):
        return self.__balance

    def show(self):
        return f"{self.__owner}: {self._Account__log}"


class Savings(Account):
    def __init__(self, owner):
        super().__init__(owner, 5)
        self.__balance = 100

    def both(self):
        return self.__balance, self.balance


def __total(numbers):
    return sum(numbers)


def visited(owner, amounts):
    account = Account(owner)
    for amount in amounts:
        account.deposit(amount)
    savings = Savings(owner)
    savings.deposit(1)
    return account.balance, account.show(), savings.both(), account._Account__balance, __total(amounts)
