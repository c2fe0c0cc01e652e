//! Where a place in a text as it is written stands in the text as it is spoken.
//!
//! The two differ where an author gave a reading. They are laid side by side so that the most
//! characters stand beside themselves.

/// For each place in `written` its place in `spoken`, both in bytes.
pub(super) fn spoken_places(written: &str, spoken: &str, places: &[usize]) -> Vec<usize> {
    if written == spoken {
        return places.to_vec();
    }
    let a: Vec<(usize, char)> = written.char_indices().collect();
    let b: Vec<(usize, char)> = spoken.char_indices().collect();
    // common[i][j]: how many characters `a[i..]` and `b[j..]` can have side by side.
    let mut common = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i].1 == b[j].1 {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    // Where each written character stands; one inside a reading stands where the reading starts.
    let mut beside = Vec::with_capacity(a.len() + 1);
    let (mut i, mut j) = (0, 0);
    let mut reading_start = 0;
    while i < a.len() {
        if j < b.len() && a[i].1 == b[j].1 {
            beside.push(j);
            (i, j) = (i + 1, j + 1);
            reading_start = j;
        } else if j < b.len() && common[i][j + 1] >= common[i + 1][j] {
            j += 1;
        } else {
            beside.push(reading_start);
            i += 1;
        }
    }
    beside.push(b.len());
    places
        .iter()
        .map(|&place| {
            let character = a.partition_point(|(start, _)| *start < place);
            b.get(beside[character])
                .map_or(spoken.len(), |(start, _)| *start)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_as_it_is_spoken_stays_where_it_is() {
        assert_eq!(spoken_places("ab c", "ab c", &[0, 2, 4]), [0, 2, 4]);
    }

    #[test]
    fn places_around_a_reading_are_found() {
        let (written, spoken) = ("この格子を見る。次に値。", "このこうしを見る。次にあたい。");
        let place = |text: &str, part: &str| text.find(part).unwrap();
        let places = [0, place(written, "を"), place(written, "次"), written.len()];
        assert_eq!(
            spoken_places(written, spoken, &places),
            [0, place(spoken, "を"), place(spoken, "次"), spoken.len()]
        );
        assert_eq!(
            spoken_places(written, spoken, &[place(written, "格")]),
            [place(spoken, "こうし")]
        );
    }
}
