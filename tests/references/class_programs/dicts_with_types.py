from typing import TypedDict


class Movie(TypedDict, total=False):
    title: str
    year: str


def f(n):
    m: Movie = {"title": "x", "year": str(n)}
    k = Movie(title="t", year="1")
    return m["title"], k["year"], list(k)


#: f(3)
