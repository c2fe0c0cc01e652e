//! Single frames as PNG files.
