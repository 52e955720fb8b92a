//! Where an error can arise: its number for the host, and the line of the Python source.

use super::types::Site;

pub(crate) const L11: Site = Site::new(50, 11);
pub(crate) const L12: Site = Site::new(51, 12);
pub(crate) const L12_2: Site = Site::new(52, 12);
pub(crate) const L12_3: Site = Site::new(53, 12);
pub(crate) const L14: Site = Site::new(56, 14);
pub(crate) const L14_2: Site = Site::new(57, 14);

/// Lines of the library's own source.
pub(crate) mod beyond {
    use super::Site;

    pub(crate) const L14: Site = Site::new(1, 14);
    pub(crate) const L45: Site = Site::new(5, 45);
    pub(crate) const L55: Site = Site::new(11, 55);
    pub(crate) const L56: Site = Site::new(12, 56);
    pub(crate) const L57: Site = Site::new(14, 57);
    pub(crate) const L87: Site = Site::new(16, 87);
    pub(crate) const L73: Site = Site::new(17, 73);
    pub(crate) const L78: Site = Site::new(19, 78);
}

/// Lines of the library's own source.
pub(crate) mod characters {
    use super::Site;

    pub(crate) const L161: Site = Site::new(21, 161);
}

/// Lines of the library's own source.
pub(crate) mod dictionaries {
    use super::Site;

    pub(crate) const L107: Site = Site::new(23, 107);
    pub(crate) const L126: Site = Site::new(24, 126);
    pub(crate) const L131: Site = Site::new(25, 131);
    pub(crate) const L131_2: Site = Site::new(26, 131);
    pub(crate) const L132: Site = Site::new(27, 132);
    pub(crate) const L45: Site = Site::new(29, 45);
    pub(crate) const L99: Site = Site::new(36, 99);
}

/// Lines of the library's own source.
pub(crate) mod ordering {
    use super::Site;

    pub(crate) const L68: Site = Site::new(41, 68);
    pub(crate) const L75: Site = Site::new(42, 75);
    pub(crate) const L75_2: Site = Site::new(43, 75);
    pub(crate) const L76: Site = Site::new(44, 76);
    pub(crate) const L76_2: Site = Site::new(45, 76);
    pub(crate) const L90: Site = Site::new(46, 90);
    pub(crate) const L92: Site = Site::new(47, 92);
    pub(crate) const L35: Site = Site::new(48, 35);
}
