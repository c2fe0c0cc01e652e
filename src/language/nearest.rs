//! The known name that comes nearest to a mistaken one.

/// The nearest of some names, if it is near enough to have been meant.
pub fn nearest<'a>(mistaken: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = mistaken.chars().count();
    if length > 40 {
        return None;
    }
    known
        .into_iter()
        .map(|name| {
            (
                strsim::levenshtein(&mistaken.to_lowercase(), &name.to_lowercase()),
                name,
            )
        })
        .filter(|&(distance, name)| {
            distance <= (length.max(name.len()) / 3).max(1)
                || (length >= 3 && name.starts_with(mistaken))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        let known = ["stride", "padding", "padding_mode", "kernel_size", "groups"];
        assert_eq!(nearest("strid", known), Some("stride"));
        assert_eq!(nearest("pading", known), Some("padding"));
        assert_eq!(nearest("kernel", known), Some("kernel_size"));
        assert_eq!(nearest("momentum", known), None);
    }
}
