"""A cipher that moves letters."""


def shift(text: str, by: int) -> str:
    """Move every Latin letter on in the alphabet.

    >>> shift("Hello, World!", 3)
    'Khoor, Zruog!'
    """
    result = ""
    for character in text:
        if "a" <= character <= "z":
            result += chr((ord(character) - ord("a") + by) % 26 + ord("a"))
        elif "A" <= character <= "Z":
            result += chr((ord(character) - ord("A") + by) % 26 + ord("A"))
        else:
            result += character
    return result
