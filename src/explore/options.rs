//! Options of a setup and of its view, as words: on a command line and in a link alike.

use super::command::{ViewWords, read_fill};
use super::element_ref::ElementRef;
use super::network_file;
use super::opened::{self, OpenError};
use super::setup::Setup;
use crate::disk;
use crate::language::{Message, Told, narrow, says};
use crate::op::LoopOrder;
use crate::tensor::{Fill, Preprocess, ReadFile};

/// What is put on layers that come one after another: their input and the numbers of their operands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubjectOptions {
    /// The input: a shape, a picture or a file of numbers. Without it, one that suits.
    pub input: Option<String>,
    /// What an input of a shape holds.
    pub fill: Option<Fill>,
    /// Layer, operand and numbers; the first layer that has the operand where none is named.
    pub operands: Vec<(Option<usize>, String, Fill)>,
    /// The order in which convolutions are walked through.
    pub order: LoopOrder,
    /// Which part of a network.
    pub part: Option<String>,
}

impl SubjectOptions {
    /// The setup of layers that come one after another, or of a part of a network.
    ///
    /// # Errors
    /// What is wrong with the layers, the input or a file.
    pub fn setup(&self, layers: &str, read: &ReadFile) -> Result<Setup, OpenError> {
        let shape = self.input.as_deref().and_then(|word| word.parse().ok());
        let of_network = (self.part.as_deref(), shape, self.fill.as_ref());
        let folder = || disk::cache_folder().map(|folder| folder.join("networks"));
        if let Some(setup) = network_file::setup(layers, of_network, folder)? {
            let order = self.order;
            return Ok(Setup { order, ..setup });
        }
        let mut setup = opened::open(layers, self.input.as_deref(), self.fill.clone(), read)?;
        setup.order = self.order;
        for (place, operand, fill) in &self.operands {
            let mut layers = setup.layers.iter();
            let first = layers.position(|layer| layer.fill(operand).is_some());
            let place = place.or(first).unwrap_or(0);
            opened::fill_operand(&mut setup, place, operand, fill.clone())?;
        }
        Ok(setup)
    }
}

/// A fill by its word.
///
/// # Errors
/// When it is none.
pub fn fill(word: &str) -> Result<Fill, Told> {
    read_fill(word).map_err(|error| Told(error.message()))
}

/// What a picture goes through before a network reads it; `auto` is what the network's own is.
///
/// # Errors
/// When it is none.
pub fn preprocess(word: &str) -> Result<Option<Preprocess>, Told> {
    if word == "auto" {
        return Ok(None);
    }
    let given = word.parse::<Preprocess>();
    given.map(Some).map_err(|error| Told(error.message()))
}

/// A fill, with the layer in front of it that it is for: `sobel_x` or `1=sobel_x`.
///
/// # Errors
/// When it is none.
pub fn layer_fill(word: &str) -> Result<(Option<usize>, Fill), Told> {
    if let Some((place, rest)) = word.split_once('=')
        && let Ok(place) = place.parse::<usize>()
    {
        return Ok((Some(place), fill(rest)?));
    }
    Ok((None, fill(word)?))
}

/// An operand by its name: `running_mean=ramp` or `1=running_mean=ramp`.
///
/// # Errors
/// When it is none.
pub fn operand(word: &str) -> Result<(Option<usize>, String, Fill), Told> {
    let wrong = || {
        Told(says!(
            en: "write an operand as NAME=FILL, such as running_mean=ramp",
            ja: "running_mean=ramp のように NAME=FILL と書いてください"
        ))
    };
    let (first, rest) = word.split_once('=').ok_or_else(wrong)?;
    let (place, name, rest) = match first.parse::<usize>() {
        Ok(place) => {
            let (name, rest) = rest.split_once('=').ok_or_else(wrong)?;
            (Some(place), name, rest)
        }
        Err(_) => (None, first, rest),
    };
    Ok((place, name.to_owned(), fill(rest)?))
}

/// A loop order by its word.
///
/// # Errors
/// When it is none.
pub fn order(word: &str) -> Result<LoopOrder, Told> {
    LoopOrder::ALL
        .into_iter()
        .find(|order| order_word(*order) == word)
        .ok_or_else(|| {
            Told(says!(
                en: "the loop order is filter, position or channel",
                ja: "ループの順序は filter、position、channel のどれかです"
            ))
        })
}

/// The word of a loop order.
#[must_use]
pub const fn order_word(order: LoopOrder) -> &'static str {
    match order {
        LoopOrder::FilterMajor => "filter",
        LoopOrder::PositionMajor => "position",
        LoopOrder::ChannelMajor => "channel",
    }
}

/// How far channels are pulled apart, in cubes.
///
/// # Errors
/// When it is no such number.
pub fn spread(word: &str) -> Result<f32, Told> {
    let wrong = || {
        Told(says!(
            en: "give a number of cubes from 0 to 8",
            ja: "立方体の数を 0 から 8 までで指定してください"
        ))
    };
    let spread: f32 = word.parse().map_err(|_| wrong())?;
    (0.0..=8.0)
        .contains(&spread)
        .then_some(spread)
        .ok_or_else(wrong)
}

/// The channels that are shown, from the first to the last: `0..2`.
///
/// # Errors
/// When it is no such range.
pub fn slice(word: &str) -> Result<(usize, usize), Told> {
    let wrong = || {
        Told(says!(
            en: "write the first and the last channel as 0..2",
            ja: "最初と最後のチャネルを 0..2 のように書いてください"
        ))
    };
    let (first, last) = word.split_once("..").ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
    let (first, last) = (number(first)?, number(last)?);
    if first > last {
        return Err(wrong());
    }
    Ok((first, last))
}

/// Where the camera stands: yaw and pitch in degrees, the height of the view, and its centre.
///
/// # Errors
/// When these are no six numbers, or the height is none.
pub fn camera(word: &str) -> Result<[f32; 6], Told> {
    let wrong = || {
        Told(says!(
            en: "give six numbers: yaw and pitch in degrees, the height of the view (above 0), and x, y and z of its centre",
            ja: "数を 6 つ指定してください: 角度 (度) が 2 つ、画面の高さ (0 より大きい数)、中心の x、y、z"
        ))
    };
    let numbers: Vec<f32> = word
        .split(',')
        .map(|number| number.trim().parse::<f32>().map_err(|_| wrong()))
        .collect::<Result<_, _>>()?;
    let camera: [f32; 6] = numbers.try_into().map_err(|_| wrong())?;
    let finite = camera.iter().all(|number| number.is_finite());
    (finite && camera[2] > 0.0)
        .then_some(camera)
        .ok_or_else(wrong)
}

/// The position of a run of which every step is done.
pub const END: f64 = f64::MAX;

/// How many steps are done, with the part of the next one.
///
/// # Errors
/// When it is no such number.
pub fn position(word: &str) -> Result<f64, Told> {
    if word == "end" {
        return Ok(END);
    }
    let position = word.parse::<f64>().ok();
    position
        .filter(|position| position.is_finite() && *position >= 0.0)
        .ok_or_else(|| {
            Told(says!(
                en: "give how many steps are done, such as 12 or 12.5, or end for all of them",
                ja: "済んだステップの数を 12 や 12.5 のように、または全部なら end と指定してください"
            ))
        })
}

/// A pinned element: `1:0,2,3` is channel 0, row 2, column 3 of tensor 1, `w0:1,0,2,2` a weight of layer 0,
/// `p0:0,-1,3` a place of its padding.
///
/// # Errors
/// When it is none.
pub fn pin(word: &str) -> Result<ElementRef, Told> {
    let wrong = || {
        Told(says!(
            en: "write an element as 1:0,2,3 (tensor 1, channel 0, row 2, column 3), a weight as w0:1,0,2,2 (layer 0), a place of the padding as p0:0,-1,3",
            ja: "要素は 1:0,2,3 (テンソル 1 のチャネル 0、行 2、列 3)、重みは w0:1,0,2,2 (層 0)、パディングは p0:0,-1,3 のように書いてください"
        ))
    };
    let (of, at) = word.split_once(':').ok_or_else(wrong)?;
    let numbers: Vec<isize> = at
        .split(',')
        .map(|number| number.trim().parse::<isize>().map_err(|_| wrong()))
        .collect::<Result<_, _>>()?;
    let number = |text: &str| text.parse::<usize>().map_err(|_| wrong());
    let counted = || {
        let counted = numbers.iter().map(|&at| usize::try_from(at));
        counted.collect::<Result<Vec<_>, _>>().map_err(|_| wrong())
    };
    if let Some(layer) = of.strip_prefix('w') {
        let at = counted()?.try_into().map_err(|_| wrong())?;
        let layer = number(layer)?;
        return Ok(ElementRef::Weight { layer, at });
    }
    if let Some(layer) = of.strip_prefix('p') {
        let at = numbers.try_into().map_err(|_| wrong())?;
        let layer = number(layer)?;
        return Ok(ElementRef::Padding { layer, at });
    }
    let at = counted()?.try_into().map_err(|_| wrong())?;
    let tensor = number(of)?;
    Ok(ElementRef::Tensor { tensor, at })
}

/// The word of a pinned element, as [`pin`] reads it.
#[must_use]
pub fn pin_word(element: &ElementRef) -> String {
    let list = |numbers: &mut dyn Iterator<Item = String>| numbers.collect::<Vec<_>>().join(",");
    match element {
        ElementRef::Tensor { tensor, at } => {
            format!("{tensor}:{}", list(&mut at.iter().map(usize::to_string)))
        }
        ElementRef::Weight { layer, at } => {
            format!("w{layer}:{}", list(&mut at.iter().map(usize::to_string)))
        }
        ElementRef::Padding { layer, at } => {
            format!("p{layer}:{}", list(&mut at.iter().map(isize::to_string)))
        }
    }
}

/// A time in a lesson: seconds, or minutes and seconds as 1:23.
///
/// # Errors
/// When it is none.
pub fn time(word: &str) -> Result<f64, Told> {
    let wrong = || {
        Told(says!(
            en: "write a time as 83, 83.5 or 1:23",
            ja: "時刻は 83、83.5、1:23 のように書いてください"
        ))
    };
    let mut seconds = 0.0;
    let word: String = word.chars().map(narrow).collect();
    for part in word.split(':') {
        let part: f64 = part.parse().map_err(|_| wrong())?;
        if !part.is_finite() || part < 0.0 {
            return Err(wrong());
        }
        seconds = seconds * 60.0 + part;
    }
    Ok(seconds)
}

/// Takes an option of the subject or of the view; whether there is one of this name. `--perspective` takes
/// no value.
///
/// # Errors
/// When the value is not one that the option takes.
pub fn take(
    (subject, view): (&mut SubjectOptions, &mut ViewWords),
    pins: &mut Vec<ElementRef>,
    name: &str,
    value: &str,
) -> Result<bool, Told> {
    match name {
        "input" => subject.input = Some(value.to_owned()),
        "fill" => subject.fill = Some(fill(value)?),
        "weight" | "bias" => {
            let (place, fill) = layer_fill(value)?;
            subject.operands.push((place, name.to_owned(), fill));
        }
        "operand" => subject.operands.push(operand(value)?),
        "part" => subject.part = Some(value.to_owned()),
        "order" => subject.order = order(value)?,
        "camera" => view.camera = Some(camera(value)?),
        "spread" => view.spread = spread(value)?,
        "slice" => view.slice = Some(slice(value)?),
        "position" => view.position = position(value)?,
        "pin" => pins.push(pin(value)?),
        _ => return Ok(false),
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_read_as_they_are_written() {
        for word in ["1:0,2,3", "w0:1,0,2,2", "p2:0,-1,3"] {
            assert_eq!(pin_word(&pin(word).unwrap()), word);
        }
        for word in [
            "", "1", "1:0,2", "1:0,-2,3", "w0:1,2,3", "x0:1,2,3", "p0:a,b,c",
        ] {
            assert!(pin(word).is_err(), "{word}");
        }
    }

    #[test]
    fn a_time_is_seconds_or_minutes_and_seconds() {
        assert_eq!(time("83.5").unwrap(), 83.5);
        assert_eq!(time("1:23").unwrap(), 83.0);
        assert!(time("-1").is_err());
        assert!(time("1:inf").is_err());
    }
}
