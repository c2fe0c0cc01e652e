//! A lesson that is made of layers or of a network, for `record`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Failure;
use super::printing::note;
use super::subject::{SubjectArgs, Whole};
use crate::disk;
use crate::explore::gathered::{GatherError, gathered, gathered_file};
use crate::explore::network_view::network_title;
use crate::explore::told::NetworkTour;
use crate::explore::workbench::{Problem, ValidSetup};
use crate::explore::worked_layer::{WorkedPlace, worked_layer};
use crate::explore::{Setup, Workbench, told};
use crate::language::{Message, says};
use crate::lesson::Lesson;
use crate::lesson::schema::RawInput;
use crate::network::map::RunNetwork;
use crate::network::{ClassNames, OnnxNetwork, Subject};
use crate::tensor::{Fill, Shape, Tensor, files, read_file};

/// What is told in a lesson of its own.
pub enum ToldSubject {
    /// Layers one after another.
    Layers {
        /// They on their input.
        valid: Arc<ValidSetup>,
        /// What they are called.
        of: Option<String>,
    },
    /// A whole network.
    Network(Box<ToldNetwork>),
}

/// A whole network that is told.
pub struct ToldNetwork {
    title: String,
    file: String,
    /// Of several the first.
    input: RawInput,
    /// The further ones, by their names.
    inputs: BTreeMap<String, RawInput>,
    /// Whole numbers with which it is opened, by the names of their inputs.
    settings: BTreeMap<String, RawInput>,
    run: RunNetwork,
    classes: Option<ClassNames>,
    worked: Option<Arc<ValidSetup>>,
    worked_at: Option<WorkedPlace>,
}

impl ToldSubject {
    /// What a text names, on the input that is asked for. Of what is too large, a part is shown.
    ///
    /// # Errors
    /// What is wrong with the layers, the input or a file.
    pub fn new(name: &str, args: &SubjectArgs) -> Result<Self, Failure> {
        if let Some(whole) = args.whole(name)? {
            if let Some(told) = ToldNetwork::new(name, whole)? {
                return Ok(Self::Network(Box::new(told)));
            }
            note!(
                en: "a lesson cannot give this network its inputs: it has none but settings, or leaves more than three axes open. Instead of a tour of the whole, its first layers are told (--part chooses others)",
                ja: "このネットワークの入力は、レッスンには書けません (設定のほかに入力がないか、決まっていない軸が 4 つ以上あります)。全体の代わりに最初の部分を説明します (--part でほかの部分を選べます)"
            );
        } else if args.part().is_none() && is_source_of_network(name) {
            note!(
                en: "of a network in Python its first layers are told; for a tour of the whole, export it with torch.onnx.export and record the file",
                ja: "Python のネットワークは最初の部分を説明します。全体を見て回るには、torch.onnx.export で書き出したファイルを指定してください"
            );
        }
        let valid = valid(with_whole_names(&args.setup(name)?)?)?;
        let of = (!Subject::is_written_out(name)).then(|| {
            let file = Path::new(name).file_name();
            let file = file.map_or_else(|| name.to_owned(), |file| file.to_string_lossy().into());
            match args.part() {
                Some(part) => format!("{file}, {part}"),
                None => file,
            }
        });
        Ok(Self::Layers { valid, of })
    }

    /// The lesson.
    ///
    /// # Errors
    /// When it cannot be shown.
    pub fn lesson(&self) -> Result<Lesson, Failure> {
        match self {
            Self::Layers { valid, of } => told::lesson(valid, of.as_deref()),
            Self::Network(network) => network.tour().lesson(),
        }
        .map_err(Failure::from)
    }

    /// Writes the lesson into a file, with the files that it names beside it.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let beside = match self {
            Self::Layers { valid, of } => Self::Layers {
                valid: Arc::new(ValidSetup {
                    setup: gathered(&valid.setup, folder)?,
                    ..(**valid).clone()
                }),
                of: of.clone(),
            },
            Self::Network(network) => Self::Network(Box::new(network.gathered(folder)?)),
        };
        beside.keep(path)
    }

    /// Writes the lesson into a file from which it is read again by this program: files keep their
    /// names.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, path: &Path) -> Result<(), Failure> {
        let text = match self {
            Self::Layers { valid, of } => told::text(valid, of.as_deref()),
            Self::Network(network) => network.tour().text(),
        };
        let text = text.map_err(|why| {
            Failure::from(says!(
                en: "the lesson cannot be written as a text: {why}",
                ja: "レッスンをテキストとして書き出せません: {why}"
            ))
        })?;
        disk::write(path, text).map_err(|why| unwritable(path, &why))
    }
}

impl ToldNetwork {
    /// A network by its name, on the inputs that it has been run on; `None` where a lesson cannot give it these.
    fn new(name: &str, whole: Whole) -> Result<Option<Self>, Failure> {
        let network = Subject::network_named(name, &read_file);
        let network = network.map_err(|why| Failure::from(why).of_usage())?;
        let Whole {
            run,
            settings: given,
            classes,
            ..
        } = whole;
        let ids = run.graph.inputs();
        if ids.len() + given.len() != network.model.inputs.len() {
            return Ok(None);
        }
        let mut inputs = Vec::with_capacity(ids.len());
        for (number, &id) in ids.iter().enumerate() {
            let input = run.graph.value(id).name.as_str();
            let node = if number == 0 { "input" } else { input };
            let Some(numbers) = run.sample(id) else {
                return Ok(None);
            };
            let Some(kept) = kept(&network, (input, node), numbers)? else {
                return Ok(None);
            };
            inputs.push((input.to_owned(), kept));
        }
        let mut settings = BTreeMap::new();
        for (input, numbers) in given {
            let Some(kept) = kept(&network, (input.as_str(), input.as_str()), numbers)? else {
                return Ok(None);
            };
            settings.insert(input, kept);
        }
        let mut inputs = inputs.into_iter();
        let Some((_, input)) = inputs.next() else {
            return Ok(None);
        };
        let worked = worked_layer(&run);
        let worked_at = worked.as_ref().and_then(|worked| worked.place);
        let worked = worked.map(|worked| Workbench::new(worked.setup));
        let path = Path::new(name);
        let is_file = path.is_file();
        let title = network_title(name);
        let file = if is_file {
            std::path::absolute(path)?.to_string_lossy().into_owned()
        } else {
            name.to_owned()
        };
        Ok(Some(Self {
            title,
            file,
            input,
            inputs: inputs.collect(),
            settings,
            worked: worked.and_then(|worked| worked.valid().cloned()),
            worked_at,
            run,
            classes,
        }))
    }

    fn tour(&self) -> NetworkTour<'_> {
        NetworkTour {
            title: &self.title,
            file: &self.file,
            input: self.input.clone(),
            inputs: self.inputs.clone(),
            settings: self.settings.clone(),
            run: &self.run,
            classes: self.classes.as_ref(),
            worked: self.worked.as_deref(),
            worked_at: self.worked_at,
        }
    }

    /// The same with its files in a folder, where a lesson may name them.
    fn gathered(&self, folder: &Path) -> Result<Self, Failure> {
        let beside = |input: &RawInput| -> Result<RawInput, GatherError> {
            let fill = input.fill.with_file(|name| gathered_file(name, folder))?;
            Ok(RawInput {
                fill,
                ..input.clone()
            })
        };
        let all_beside = |all: &BTreeMap<String, RawInput>| {
            let found = all
                .iter()
                .map(|(name, one)| Ok((name.clone(), beside(one)?)));
            found.collect::<Result<BTreeMap<String, RawInput>, GatherError>>()
        };
        let (inputs, settings) = (all_beside(&self.inputs)?, all_beside(&self.settings)?);
        let file = if Path::new(&self.file).is_file() {
            // Those with its weights keep their names, by which it knows them.
            for weights in Subject::network_files(&self.file)?.iter().skip(1) {
                gathered_file(weights, folder)?;
            }
            gathered_file(&self.file, folder)?
        } else {
            self.file.clone()
        };
        Ok(Self {
            title: self.title.clone(),
            file,
            input: beside(&self.input)?,
            inputs,
            settings,
            run: self.run.clone(),
            classes: self.classes.clone(),
            worked: self.worked.clone(),
            worked_at: self.worked_at,
        })
    }
}

/// Numbers of an input as a lesson gives them, in a file that is known by the name of what reads them; `None` where it
/// cannot give them in the axes of the file.
fn kept(
    network: &OnnxNetwork,
    (input, node): (&str, &str),
    numbers: Tensor,
) -> Result<Option<RawInput>, Failure> {
    let axes = planes_of(numbers.shape());
    let planes = Shape::new(&axes).map_err(|why| Failure::from(why.message()))?;
    let mut declared = network.model.inputs.iter();
    let declared = declared.find(|one| one.name == input);
    let declared = declared.and_then(|one| one.axes());
    let given = network.shape_of(input, &planes);
    if declared.is_some_and(|axes| axes.len() != given.rank()) {
        return Ok(None);
    }
    let file = SubjectArgs::numbers_file(&network.name, node, &[&numbers])?;
    let file = file.with_extension("npy");
    let numbers = numbers.reshaped(planes);
    let numbers = numbers.map_err(|why| Failure::from(why.message()))?;
    disk::write_with_folder(&file, files::write_npy(&numbers))
        .map_err(|why| unwritable(&file, &why))?;
    let [channels, rows, columns] = axes;
    Ok(Some(RawInput {
        shape: (channels, rows, columns),
        fill: Fill::File(file.to_string_lossy().into_owned()),
    }))
}

/// Channels, rows and columns as which a lesson gives an input of some axes: fewer axes have ones in front, and of more
/// those in between lie below each other.
fn planes_of(shape: &Shape) -> [usize; 3] {
    match *shape.axes() {
        [] => [1, 1, 1],
        [length] => [1, 1, length],
        [rows, columns] => [1, rows, columns],
        [channels, ref rows @ .., columns] => [channels, rows.iter().product(), columns],
    }
}

fn unwritable(path: &Path, why: &std::io::Error) -> Failure {
    let (path, why) = (path.display(), why.message());
    Failure::from(says!(
        with [why];
        en: "cannot write {path}: {why}",
        ja: "{path} に書き込めません: {why}"
    ))
}

/// Whether a name is that of a source whose layers do not follow on from one another as they stand.
fn is_source_of_network(name: &str) -> bool {
    match Subject::parse(name) {
        Ok(subject @ (Subject::Program(_) | Subject::Printed(_))) => subject.layers().is_err(),
        Ok(Subject::Model(_) | Subject::Preset(_) | Subject::Onnx(_)) | Err(_) => false,
    }
}

/// A setup whose files are named from the root, so that they are found from every folder.
fn with_whole_names(setup: &Setup) -> std::io::Result<Setup> {
    setup.with_files(|name| {
        let whole = std::path::absolute(name)?;
        Ok(whole.to_string_lossy().into_owned())
    })
}

/// A setup that can be shown; of one that is too large, a part.
fn valid(setup: Setup) -> Result<Arc<ValidSetup>, Failure> {
    let workbench = Workbench::new(setup);
    if let Some(valid) = workbench.valid() {
        return Ok(valid.clone());
    }
    let Some(problem) = workbench.problem() else {
        return Err(Failure::from(
            says!(en: "nothing to show", ja: "表示するものがありません"),
        ));
    };
    if matches!(problem, Problem::TooLarge { .. })
        && let Some(offer) = workbench.offers().into_iter().next()
        && let Some(valid) = Workbench::new(offer.setup).valid()
    {
        let [channels, rows, columns] = valid.setup.input;
        let why = problem.message();
        let why = why.choose(super::language::spoken());
        note!(
            en: "{why}. Shown is a part of it, on an input of {channels} × {rows} × {columns}",
            ja: "{why} 入力を {channels} × {rows} × {columns} にして、一部を表示します"
        );
        return Ok(valid.clone());
    }
    Err(Failure::from(problem).of_usage())
}
