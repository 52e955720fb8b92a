class Animal:
    def __init__(self, name, sound="..."):
        self.name = name
        self.sound = sound

    def speak(self):
        return f"{self.name} says {self.sound}"


class Dog(Animal):
    def __init__(self, name, tricks):
        Animal.__init__(self, name, sound="Woof")
        self.tricks = list(tricks)

    def speak(self):
        return Animal.speak(self) + "!" * len(self.tricks)


class Puppy(Dog):
    def __init__(self, name):
        Dog.__init__(self, name, [])
        if name:
            self.tricks.append("roll")


def f(names):
    pets = [Animal(names[0]), Dog(names[0], names), Puppy(names[-1])]
    return [pet.speak() for pet in pets]


#: f(["a", "b"])
#: f(["", ""])
#: f([])
