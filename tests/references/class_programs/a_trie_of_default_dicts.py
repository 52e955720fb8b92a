from collections import defaultdict


class TrieNode:
    def __init__(self):
        self.children = defaultdict(TrieNode)
        self.is_word = False


class Trie:
    def __init__(self):
        self.root = TrieNode()

    def insert(self, word):
        node = self.root
        for c in word:
            node = node.children[c]
        node.is_word = True

    def words(self, prefix=""):
        node = self.root
        for c in prefix:
            if c not in node.children:
                return []
            node = node.children[c]
        out = []

        def walk(n, path):
            if n.is_word:
                out.append(path)
            for c in sorted(n.children):
                walk(n.children[c], path + c)

        walk(node, prefix)
        return out


def f(ws, p):
    t = Trie()
    for w in ws:
        t.insert(w)
    return t.words(p)


#: f(['ab', 'ac', 'b'], 'a')
