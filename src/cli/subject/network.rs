//! A part of a network: a chain of its layers, on the numbers that reach it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::SubjectArgs;
use crate::cli::Failure;
use crate::cli::eval::network::{InputOptions, bound, check_size};
use crate::cli::language::spoken;
use crate::cli::printing::remark;
use crate::explore::{Setup, network_file, network_part};
use crate::language::says;
use crate::network::map::RunNetwork;
use crate::network::{ClassNames, Graph, Network, OnnxNetwork, Subject, ValueId};
use crate::tensor::{Fill, Preprocess, Shape, Tensor};

/// The setup of a part of a network, of a name and a text; `None` where the text names layers one after
/// another.
pub(super) fn setup(args: &SubjectArgs, name: &str, text: &str) -> Result<Option<Setup>, Failure> {
    // A mistake in the text is told where it is read as layers.
    let Ok(subject) = Subject::parse(text) else {
        return Ok(None);
    };
    let (graph, inputs) = match &subject {
        Subject::Onnx(network) => {
            let opened = of_file(args, network)?;
            (opened.graph, opened.inputs)
        }
        Subject::Program(_) | Subject::Printed(_) if subject.layers().is_err() => {
            of_source(args, &subject)?
        }
        Subject::Model(_) | Subject::Preset(_) | Subject::Program(_) | Subject::Printed(_) => {
            if args.part.is_some() {
                let why = says!(
                    en: "--part takes a part of a network; these are layers one after another already",
                    ja: "--part はネットワークの一部を選ぶものです。これは層の連なりなので不要です"
                );
                return Err(Failure::from(why).of_usage());
            }
            return Ok(None);
        }
    };
    let chain = network_part::find(&graph, args.part.as_deref())
        .map_err(|why| Failure::from(why).of_usage())?;
    let first = chain
        .nodes
        .first()
        .and_then(|&number| graph.nodes().get(number));
    let first = first.map_or("part", |node| node.name.as_str());
    let numbers: Vec<&Tensor> = inputs.iter().map(|(_, tensor)| tensor).collect();
    let file = numbers_file(name, first, &numbers)?;
    let reached = network_part::reached(&graph, &chain, &inputs)?;
    let mut setup = network_part::setup(&graph, &chain, reached, &file)?;
    setup.order = args.order();
    Ok(Some(setup))
}

/// A network that has been run, and what its inputs hold.
pub struct Whole {
    /// The network with its numbers.
    pub run: RunNetwork,
    /// The numbers of its inputs.
    pub inputs: Vec<(ValueId, Tensor)>,
    /// Whole numbers with which it was opened, and that are no inputs therefore, by their names.
    pub settings: Vec<(String, Tensor)>,
    /// The names of the classes that it tells apart, where they are known.
    pub classes: Option<ClassNames>,
    /// What was done with pictures among the inputs.
    pub preprocess: Option<Preprocess>,
}

/// A whole network of an ONNX file, run; `None` of anything else, and where a part is asked for.
pub(super) fn whole(args: &SubjectArgs, name: &str) -> Result<Option<Whole>, Failure> {
    if args.part.is_some() {
        return Ok(None);
    }
    // Without a word about its input, as the window opens it.
    if args.input.is_empty() && args.fill.is_none() && args.preprocess.is_none() {
        let view = network_file::view(name).map_err(|why| Failure::from(why).of_usage())?;
        let Some(view) = view else {
            return Ok(None);
        };
        let (run, inputs) = (view.run().clone(), view.inputs().to_vec());
        let classes = classes(args, &run, view.classes().cloned())?;
        return Ok(Some(Whole {
            run,
            inputs,
            settings: Vec::new(),
            classes,
            preprocess: None,
        }));
    }
    let Ok(Subject::Onnx(network)) = Subject::parse(name) else {
        return Ok(None);
    };
    let Opened {
        graph,
        inputs,
        settings,
        preprocess,
    } = of_file(args, &network)?;
    let run = RunNetwork::new(graph, &inputs).map_err(|why| Failure::from(why).of_usage())?;
    let classes = classes(args, &run, network.model.class_names())?;
    Ok(Some(Whole {
        run,
        inputs,
        settings,
        classes,
        preprocess,
    }))
}

/// The names of the classes of a network: those that are asked for, else its own, where they are as many as
/// its output has numbers.
fn classes(
    args: &SubjectArgs,
    run: &RunNetwork,
    own: Option<ClassNames>,
) -> Result<Option<ClassNames>, Failure> {
    let outputs = run.class_count();
    let Some(path) = &args.classes else {
        return Ok(own.filter(|own| own.check(outputs).is_ok()));
    };
    let names = ClassNames::read(path).map_err(|why| Failure::from(why).of_usage())?;
    let fits = names.check(outputs);
    fits.map_err(|why| Failure::from(why).of_usage())?;
    Ok(Some(names))
}

/// The network of an ONNX file on its inputs.
struct Opened {
    graph: Graph,
    inputs: Vec<(ValueId, Tensor)>,
    /// Whole numbers that are built into the graph, by the names of their inputs.
    settings: Vec<(String, Tensor)>,
    /// What was done with pictures among the inputs.
    preprocess: Option<Preprocess>,
}

/// The graph of an ONNX file, and what its inputs hold.
fn of_file(args: &SubjectArgs, network: &OnnxNetwork) -> Result<Opened, Failure> {
    let mut options = InputOptions::new(args.fill.as_ref(), args.preprocess.as_ref());
    let given = options.read(network, &args.input);
    let given = given.map_err(|why| Failure::from(why).of_usage())?.given;
    let graph = network
        .graph(&given)
        .map_err(|why| Failure::from(why).of_usage())?;
    let preprocess = options.chosen().map(|mut chosen| {
        chosen.remember();
        remark(format_args!("{}\n", chosen.told().choose(spoken())));
        chosen.preprocess
    });
    check_size(&graph)?;
    let mut inputs = bound(&graph, &given)?;
    let is_input = |name: &str| {
        let mut ids = graph.inputs().iter();
        ids.any(|&id| graph.value(id).name == name)
    };
    let settings = given.into_iter().filter_map(|one| {
        let name = one.name.filter(|name| !is_input(name))?;
        Some((name, one.tensor?))
    });
    let settings = settings.collect();
    for &id in graph.inputs() {
        if inputs.iter().any(|(given, _)| *given == id) {
            continue;
        }
        if let Some(shape) = graph.value(id).shape {
            let tensor = match &args.fill {
                Some(fill) => fill.make(&shape),
                None => network_file::own_input(&network.name, &shape),
            };
            let tensor = tensor.map_err(|why| Failure::from(why).of_usage())?;
            inputs.push((id, tensor));
        }
    }
    Ok(Opened {
        graph,
        inputs,
        settings,
        preprocess,
    })
}

/// The graph of a source or of a printed model, and what its inputs hold.
fn of_source(
    args: &SubjectArgs,
    subject: &Subject,
) -> Result<(Graph, Vec<(ValueId, Tensor)>), Failure> {
    let shape = match args.input.first().map(|word| word.parse::<Shape>()) {
        Some(Ok(shape)) => shape,
        Some(Err(_)) | None => {
            let why = says!(
                en: "give the shape of the network's input, for example --input 3x224x224",
                ja: "--input 3x224x224 のように、ネットワークの入力の形状を指定してください"
            );
            return Err(Failure::from(why).of_usage());
        }
    };
    let network = subject
        .network(&shape)
        .map_err(|why| Failure::from(why).of_usage())?;
    let Network::Graph(graph) = network else {
        return Err(Failure::from(network_part::PartError::NoChain).of_usage());
    };
    check_size(&graph)?;
    let mut inputs = Vec::new();
    for &id in graph.inputs() {
        if let Some(shape) = graph.value(id).shape {
            inputs.push((id, filled(args, &shape)?));
        }
    }
    Ok((graph, inputs))
}

fn filled(args: &SubjectArgs, shape: &Shape) -> Result<Tensor, Failure> {
    let fill = args.fill.as_ref().unwrap_or(&Fill::Ramp);
    fill.make(shape)
        .map_err(|why| Failure::from(why).of_usage())
}

/// The file in which the numbers of a part lie, in the user's cache: one for each network, part and
/// input.
pub(super) fn numbers_file(
    network: &str,
    node: &str,
    numbers: &[&Tensor],
) -> Result<PathBuf, Failure> {
    let mut hash = DefaultHasher::new();
    (network, node).hash(&mut hash);
    if let Ok(path) = Path::new(network).canonicalize() {
        path.hash(&mut hash);
        let changed = path.metadata().and_then(|data| data.modified());
        changed.ok().hash(&mut hash);
    }
    for tensor in numbers {
        tensor.shape().hash(&mut hash);
        tensor
            .data()
            .iter()
            .for_each(|value| value.to_bits().hash(&mut hash));
    }
    let stem = Path::new(network).file_stem().unwrap_or_default();
    let stem: String = stem
        .to_string_lossy()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
        .take(40)
        .collect();
    let folders = directories::ProjectDirs::from("", "", "tensorama");
    let folder = folders.map(|folders| folders.cache_dir().join("networks"));
    let folder = folder.ok_or_else(|| {
        Failure::from(says!(
            en: "there is no folder for caches, because the home folder is not known; set HOME",
            ja: "ホームフォルダが分からないため、キャッシュを置けません。HOME を設定してください"
        ))
    })?;
    std::fs::create_dir_all(&folder).map_err(|why| {
        let (path, why) = (
            folder.display().to_string(),
            crate::language::Message::message(&why),
        );
        Failure::from(says!(
            with [why];
            en: "cannot make the folder {path}: {why}",
            ja: "フォルダ {path} を作れません: {why}"
        ))
    })?;
    Ok(folder.join(format!("{stem}-{:016x}.npz", hash.finish())))
}
