//! The cells of the fronts of boxes one by one, for who comes near: the number of each, and its colour where in the
//! texture of the faces several cells are one.

use super::faces::{Cells, FRONT, Paint};
use crate::stage::draw::FrontCells;
use crate::stage::number::NumberFormat;

/// Words of all fronts, at most: a texture that every WebGL takes.
const ROOM: usize = 2048 * 1024;

/// Adds the front of a block to the words, if there is room for it. Where three channels are one picture, a cell has
/// the numbers of all three, else that of the channel in front.
pub(super) fn add(
    words: &mut Vec<u32>,
    cells: &Cells,
    paint: &Paint,
    format: NumberFormat,
    colored: bool,
) -> Option<FrontCells> {
    let [channels, rows, columns] = cells.dims;
    let front = paint.front.min(channels.checked_sub(1)?);
    let numbered = if paint.mixes_channels() {
        0..channels
    } else {
        front..front + 1
    };
    let planes = numbered.len() + usize::from(colored);
    let needed = rows.checked_mul(columns)?.checked_mul(planes)?;
    if needed == 0 || words.len() + needed > ROOM {
        return None;
    }
    let added = FrontCells {
        first: words.len() as u32,
        size: [columns as u32, rows as u32],
        colored,
        numbers: numbered.len() as u32,
    };
    let places =
        move || (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)));
    words.reserve(needed);
    if colored {
        words.extend(places().map(|(row, column)| {
            let [red, green, blue] = paint.color(cells, [front, row, column], FRONT);
            u32::from_le_bytes([red, green, blue, 255])
        }));
    }
    for channel in numbered {
        words.extend(places().map(|(row, column)| format.glyphs(cells.at([channel, row, column]))));
    }
    Some(added)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::faces;
    use super::*;
    use crate::lesson::StagedNetwork;
    use crate::network::map::RunNetwork;
    use crate::network::{Subject, ValueId};
    use crate::tensor::{Fill, Shape, Tensor};

    /// A picture that is broader than a face may be, and what a convolution makes of it.
    fn network() -> StagedNetwork {
        let subject = Subject::parse("nn.Sequential(nn.Conv2d(3, 4, 5, stride=4))").unwrap();
        let graph = subject.graph(&Shape::new(&[3, 16, 300]).unwrap()).unwrap();
        let input = |&id: &ValueId| {
            let shape = graph.value(id).shape.unwrap();
            (id, Fill::Uniform { seed: 5 }.make(&shape).unwrap())
        };
        let inputs: Vec<(ValueId, Tensor)> = graph.inputs().iter().map(input).collect();
        let run = RunNetwork::new(graph, &inputs).unwrap();
        StagedNetwork::new(run, &BTreeSet::new())
    }

    #[test]
    fn a_picture_has_the_numbers_of_its_three_channels_and_the_colours_that_its_face_has_no_room_for()
     {
        let network = network();
        let (faces, atlas) = faces::draw(&network, 1);
        let (tensor, front) = (
            network.tensors[0].as_ref().unwrap(),
            faces[0].unwrap().front.unwrap(),
        );
        assert!(network.is_picture(0));
        assert_eq!((front.size, front.numbers), ([300, 16], 3));
        assert!(front.colored && faces[0].unwrap().outer[5].size[0] < 300);
        let words = &atlas.words[front.first as usize..];
        let format = NumberFormat::for_values(tensor.data());
        for (channel, row, column) in [(0, 0, 0), (1, 3, 299), (2, 15, 7)] {
            let inside = row * 300 + column;
            let value = tensor.data()[channel * 16 * 300 + inside];
            let word = words[(1 + channel) * 16 * 300 + inside];
            assert_eq!(word, format.glyphs(value), "{channel} {row} {column}");
        }
        // The face has means, the front the colour of each pixel of the picture.
        let (low, high) = tensor.range();
        let color = [0, 1, 2].map(|channel| {
            let value = tensor.data()[channel * 16 * 300 + 2 * 300 + 123];
            ((value - low) / (high - low) * 255.0).round() as u8
        });
        assert_eq!(words[2 * 300 + 123].to_le_bytes()[..3], color);
    }

    #[test]
    fn another_tensor_has_the_numbers_of_the_channel_in_front() {
        let mut network = network();
        network.fronts[1] = 2;
        let (faces, atlas) = faces::draw(&network, 1);
        let (tensor, front) = (
            network.tensors[1].as_ref().unwrap(),
            faces[1].unwrap().front.unwrap(),
        );
        let [rows, columns] = [3, 74];
        assert_eq!(front.size, [columns as u32, rows as u32]);
        assert!(!front.colored && front.numbers == 1);
        let format = NumberFormat::for_values(tensor.data());
        let values = &tensor.data()[2 * rows * columns..3 * rows * columns];
        let words = &atlas.words[front.first as usize..];
        assert!(
            values
                .iter()
                .zip(words)
                .all(|(value, word)| format.glyphs(*value) == *word)
        );
    }

    #[test]
    fn a_front_without_room_is_left_out_and_takes_none() {
        let network = network();
        let tensor = network.tensors[1].as_ref().unwrap();
        let cells = Cells::new(tensor);
        let paint = Paint::new(tensor, &cells, &network, 1);
        let mut words = vec![0; ROOM - 3 * 74 + 1];
        let before = words.len();
        let format = NumberFormat { decimals: 1 };
        assert_eq!(add(&mut words, &cells, &paint, format, false), None);
        assert_eq!(words.len(), before);
        words.pop();
        assert!(add(&mut words, &cells, &paint, format, false).is_some());
        assert_eq!(words.len(), ROOM);
    }
}
