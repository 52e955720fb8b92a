//! Where an error can arise: its number for the host, and the line of the Python source.

use super::types::Site;

pub(crate) const L11: Site = Site::new(50, 11);
pub(crate) const L12: Site = Site::new(51, 12);
pub(crate) const L12_2: Site = Site::new(52, 12);
pub(crate) const L12_3: Site = Site::new(53, 12);
pub(crate) const L13: Site = Site::new(54, 13);
pub(crate) const L14: Site = Site::new(56, 14);
pub(crate) const L14_2: Site = Site::new(57, 14);

/// Lines of the library's own source.
pub(crate) mod beyond {
    use super::Site;

    pub(crate) const L14: Site = Site::new(1, 14);
    pub(crate) const L38: Site = Site::new(5, 38);
    pub(crate) const L48: Site = Site::new(11, 48);
    pub(crate) const L49: Site = Site::new(12, 49);
    pub(crate) const L50: Site = Site::new(14, 50);
    pub(crate) const L80: Site = Site::new(16, 80);
    pub(crate) const L66: Site = Site::new(17, 66);
    pub(crate) const L71: Site = Site::new(19, 71);
}

/// Lines of the library's own source.
pub(crate) mod characters {
    use super::Site;

    pub(crate) const L160: Site = Site::new(21, 160);
}

/// Lines of the library's own source.
pub(crate) mod dictionaries {
    use super::Site;

    pub(crate) const L78: Site = Site::new(23, 78);
    pub(crate) const L96: Site = Site::new(24, 96);
    pub(crate) const L101: Site = Site::new(25, 101);
    pub(crate) const L101_2: Site = Site::new(26, 101);
    pub(crate) const L102: Site = Site::new(27, 102);
    pub(crate) const L42: Site = Site::new(29, 42);
    pub(crate) const L207: Site = Site::new(30, 207);
    pub(crate) const L210: Site = Site::new(31, 210);
    pub(crate) const L70: Site = Site::new(36, 70);
}

/// Lines of the library's own source.
pub(crate) mod ordering {
    use super::Site;

    pub(crate) const L121: Site = Site::new(41, 121);
    pub(crate) const L128: Site = Site::new(42, 128);
    pub(crate) const L128_2: Site = Site::new(43, 128);
    pub(crate) const L129: Site = Site::new(44, 129);
    pub(crate) const L129_2: Site = Site::new(45, 129);
    pub(crate) const L143: Site = Site::new(46, 143);
    pub(crate) const L145: Site = Site::new(47, 145);
    pub(crate) const L42: Site = Site::new(48, 42);
}
