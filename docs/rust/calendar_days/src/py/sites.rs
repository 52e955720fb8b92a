//! Where an error can arise: its number for the host, and the line of the Python source.

use super::types::Site;

pub(crate) const L12: Site = Site::new(4, 12);
pub(crate) const L15: Site = Site::new(6, 15);
pub(crate) const L17: Site = Site::new(10, 17);
pub(crate) const L17_2: Site = Site::new(11, 17);
pub(crate) const L17_3: Site = Site::new(12, 17);
pub(crate) const L17_4: Site = Site::new(13, 17);
pub(crate) const L17_5: Site = Site::new(14, 17);
pub(crate) const L17_6: Site = Site::new(20, 17);
