//! Where an error can arise: its number for the host, and the line of the Python source.

use super::types::Site;

pub(crate) const L14: Site = Site::new(1, 14);
pub(crate) const L15: Site = Site::new(2, 15);
pub(crate) const L19: Site = Site::new(3, 19);
pub(crate) const L19_2: Site = Site::new(4, 19);
pub(crate) const L21: Site = Site::new(5, 21);
pub(crate) const L36: Site = Site::new(6, 36);
