//! PyTorch's notation, in and out: `nn.Conv2d(3, 8, 3, stride=2, padding=1)`.
//!
//! Read are: names bare, with `nn.` or with `torch.nn.`; positional and keyword arguments with
//! PyTorch's defaults; `nn.Sequential(...)` over several lines, also of an `OrderedDict`; comments;
//! assignments (`self.conv = nn.Conv2d(...)`); and the printed form of a model
//! (`(conv): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))`). A module that is printed under an
//! unknown name counts as the sequence of its children.
//!
//! Beyond PyTorch there are `padding='full'`, `padding=(left, right, top, bottom)` (in the order
//! of `nn.ZeroPad2d`, also for pools and transposed convolutions; `padding=(left, right)` for `Conv1d`), `Add(tensor)`, `GlobalAvgPool2d()`, `GlobalMaxPool2d()`,
//! `Depthwise(kernel_size, ...)`, `Pointwise(out_channels)` and
//! `DepthwiseSeparable(out_channels, kernel_size, ...)`.

mod error;
mod model;
mod print;
mod pytorch;

pub use error::NotationError;
pub use model::Model;
pub(in crate::network) use model::argument_of;
pub use pytorch::with_padding_joined;
