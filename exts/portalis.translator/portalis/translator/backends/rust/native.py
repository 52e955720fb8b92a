"""The hand-written Rust by which a Rust program makes and reads dicts and sets, and that tells when two are equal."""

from __future__ import annotations

NATIVE = {
    "Dict": """
/// A key that comes again replaces the value; the first key stays.
impl<K: PartialEq + Clone, V: Clone> FromIterator<(K, V)> for Dict<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Dict<K, V> {
        let made = Dict::new();
        for (key, value) in pairs {
            let known = made.keys().to_vec().iter().position(|other| *other == key);
            if let Some(place) = known {
                made.values().set(place as i64, value);
                continue;
            }
            made.keys().push(key);
            made.values().push(value);
            // Whoever looks for a key first finds the hashes.
            made.hashes().push(0);
            made.set_used(made.keys().len());
        }
        made
    }
}

impl<K: PartialEq + Clone, V: Clone, const N: usize> From<[(K, V); N]> for Dict<K, V> {
    fn from(pairs: [(K, V); N]) -> Dict<K, V> {
        Dict::from_iter(pairs)
    }
}

impl<K: Clone, V: Clone> Dict<K, V> {
    /// The keys with their values, in the order of insertion.
    #[inline]
    pub fn iter(&self) -> Entries<K, V> {
        Entries {
            dict: self.clone(),
            number: 0,
        }
    }

    /// The keys with their values, in the order of insertion.
    pub fn entries(&self) -> Vec<(K, V)> {
        self.iter().collect()
    }
}

/// Goes over the entries of a dict, whose values may change meanwhile.
#[derive(Debug)]
pub struct Entries<K, V> {
    dict: Dict<K, V>,
    number: i64,
}

impl<K: Clone, V: Clone> Iterator for Entries<K, V> {
    type Item = (K, V);

    #[inline]
    fn next(&mut self) -> Option<(K, V)> {
        let fields = self.dict.0.borrow();
        while self.number < fields.hashes.len() {
            let number = self.number;
            self.number += 1;
            if fields.hashes.get(number) != -1 {
                return Some((fields.keys.get(number), fields.values.get(number)));
            }
        }
        None
    }
}

/// As in Python, whatever the order.
impl<K: PartialEq + Clone, V: PartialEq + Clone> PartialEq for Dict<K, V> {
    fn eq(&self, other: &Dict<K, V>) -> bool {
        let others = other.entries();
        self.used() == other.used() && self.entries().iter().all(|pair| others.contains(pair))
    }
}
""",
    "Set": """
/// The elements come in the order in which Python's set has them.
impl<T: PartialEq + Clone> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Set<T> {
        let made = Set::new();
        for element in elements {
            if made.items().to_vec().contains(&element) {
                continue;
            }
            made.items().push(element);
            made.hashes().push(0);
            made.states().push(1);
        }
        made.set_used(made.items().len());
        // Whoever needs the table makes it.
        made.set_fill(-1);
        made
    }
}

impl<T: PartialEq + Clone, const N: usize> From<[T; N]> for Set<T> {
    fn from(elements: [T; N]) -> Set<T> {
        Set::from_iter(elements)
    }
}

impl<T: Clone> Set<T> {
    /// The elements, in the order in which Python's set has them.
    pub fn elements(&self) -> Vec<T> {
        let items = self.items().to_vec();
        let slots = items.into_iter().zip(self.states().to_vec());
        slots
            .filter(|(_, state)| *state == 1)
            .map(|(item, _)| item)
            .collect()
    }
}

impl<T: PartialEq + Clone> PartialEq for Set<T> {
    fn eq(&self, other: &Set<T>) -> bool {
        let others = other.elements();
        self.used() == other.used() && self.elements().iter().all(|item| others.contains(item))
    }
}
""",
}
