//! Which beats fill their picture less than they should, and which names lie on something, and why: the rows
//! that the tests print, each with a reason.

use crate::exceptions::{Exceptions, TO_MEND};

/// Things side by side reach from edge to edge, and are no higher.
const ROW: &str = "a row as wide as the picture";
/// What is higher than broad reaches as high as it may, and is no broader.
const UPRIGHT: &str = "one thing, as high as the picture";
/// A shuffle takes its cubes over to the output.
const MOVED: &str = "the cubes have left one side, and the next beat looks at the other one";

/// Percent of the free height or width that are lacking.
#[rustfmt::skip]
pub const UNFILLED: Exceptions = &[
    ("attention, scene 1, beat 1, 16:9", 7.1, ROW), // 0:08.0, en: 81 % of the width, 28 % of the height
    ("attention, scene 1, beat 1, 9:16", 3.0, UPRIGHT), // 0:08.0, en: 56 % of the width, 57 % of the height
    ("attention, scene 1, beat 2, 16:9", 7.1, ROW), // 0:17.0, en: 81 % of the width, 28 % of the height
    ("attention, scene 1, beat 2, 9:16", 3.0, UPRIGHT), // 0:17.0, en: 56 % of the width, 57 % of the height
    ("attention, scene 1, beat 3, 16:9", 7.1, ROW), // 0:26.3, en: 81 % of the width, 28 % of the height
    ("attention, scene 1, beat 3, 9:16", 3.0, UPRIGHT), // 0:26.3, en: 56 % of the width, 57 % of the height
    ("attention, scene 10, beat 1, 16:9", 4.7, UPRIGHT), // 4:59.1, en: 30 % of the width, 73 % of the height
    ("attention, scene 10, beat 2, 16:9", 8.0, UPRIGHT), // 5:11.4, en: 27 % of the width, 65 % of the height
    ("attention, scene 11, beat 1, 16:9", 7.4, ROW), // 5:23.5, en: 87 % of the width, 28 % of the height
    ("attention, scene 12, beat 1, 1:1", 9.1, ROW), // 5:31.4, en: 85 % of the width, 26 % of the height
    ("attention, scene 12, beat 2, 1:1", 9.1, ROW), // 5:48.1, en: 85 % of the width, 26 % of the height
    ("attention, scene 12, beat 3, 1:1", 9.1, ROW), // 5:50.3, en: 85 % of the width, 26 % of the height
    ("attention, scene 2, beat 1, 16:9", 2.0, ROW), // 0:38.8, en: 86 % of the width, 33 % of the height
    ("attention, scene 2, beat 2, 16:9", 2.0, ROW), // 0:42.2, en: 86 % of the width, 33 % of the height
    ("attention, scene 2, beat 7, 9:16", 7.8, TO_MEND), // 1:11.9, en: 34 % of the width, 52 % of the height
    ("attention, scene 3, beat 1, 16:9", 7.4, ROW), // 1:17.4, en: 87 % of the width, 28 % of the height
    ("attention, scene 3, beat 2, 16:9", 10.8, UPRIGHT), // 1:25.7, en: 24 % of the width, 62 % of the height
    ("attention, scene 4, beat 2, 1:1", 6.4, UPRIGHT), // 1:43.6, en: 29 % of the width, 87 % of the height
    ("attention, scene 4, beat 3, 16:9", 6.2, ROW), // 1:50.3, en: 86 % of the width, 29 % of the height
    ("attention, scene 4, beat 4, 16:9", 6.2, ROW), // 2:03.6, en: 86 % of the width, 29 % of the height
    ("attention, scene 5, beat 1, 9:16", 10.2, ROW), // 2:18.2, en: 73 % of the width, 25 % of the height
    ("attention, scene 5, beat 2, 9:16", 2.4, ROW), // 2:24.7, en: 93 % of the width, 33 % of the height
    ("attention, scene 5, beat 3, 16:9", 14.2, UPRIGHT), // 2:33.1, en: 21 % of the width, 71 % of the height
    ("attention, scene 6, beat 1, 9:16", 7.1, ROW), // 2:44.7, en: 84 % of the width, 28 % of the height
    ("attention, scene 6, beat 2, 9:16", 3.7, ROW), // 2:48.6, en: 84 % of the width, 31 % of the height
    ("attention, scene 6, beat 3, 9:16", 7.1, ROW), // 2:57.0, en: 84 % of the width, 28 % of the height
    ("attention, scene 6, beat 4, 9:16", 7.1, ROW), // 3:00.4, en: 84 % of the width, 28 % of the height
    ("attention, scene 7, beat 1, 1:1", 9.2, ROW), // 3:21.0, en: 85 % of the width, 26 % of the height
    ("attention, scene 7, beat 2, 1:1", 2.9, ROW), // 3:25.3, en: 85 % of the width, 32 % of the height
    ("attention, scene 7, beat 3, 1:1", 2.9, ROW), // 3:33.5, en: 85 % of the width, 32 % of the height
    ("attention, scene 7, beat 4, 1:1", 9.2, ROW), // 3:45.4, en: 85 % of the width, 26 % of the height
    ("attention, scene 8, beat 1, 9:16", 5.1, ROW), // 3:55.2, en: 84 % of the width, 30 % of the height
    ("attention, scene 8, beat 3, 1:1", 9.2, ROW), // 4:04.9, en: 85 % of the width, 26 % of the height
    ("attention, scene 8, beat 4, 1:1", 2.9, ROW), // 4:08.3, en: 85 % of the width, 32 % of the height
    ("attention, scene 8, beat 5, 1:1", 2.9, ROW), // 4:15.0, en: 85 % of the width, 32 % of the height
    ("attention, scene 8, beat 6, 1:1", 9.2, ROW), // 4:23.6, en: 85 % of the width, 26 % of the height
    ("backpropagation, scene 10, beat 2, 16:9", 7.3, ROW), // 5:32.7, en: 86 % of the width, 28 % of the height
    ("backpropagation, scene 10, beat 3, 16:9", 7.3, ROW), // 5:47.6, en: 86 % of the width, 28 % of the height
    ("backpropagation, scene 10, beat 4, 16:9", 7.3, ROW), // 5:49.8, en: 86 % of the width, 28 % of the height
    ("backpropagation, scene 4, beat 1, 16:9", 3.4, UPRIGHT), // 2:38.4, en: 34 % of the width, 57 % of the height
    ("backpropagation, scene 4, beat 1, 9:16", 5.5, UPRIGHT), // 2:38.4, en: 42 % of the width, 55 % of the height
    ("backpropagation, scene 7, beat 1, 9:16", 5.0, ROW), // 4:15.4, en: 84 % of the width, 30 % of the height
    ("backpropagation, scene 8, beat 1, 9:16", 13.9, ROW), // 4:38.6, en: 85 % of the width, 21 % of the height
    ("backpropagation, scene 8, beat 2, 16:9", 8.5, ROW), // 4:45.8, en: 65 % of the width, 27 % of the height
    ("backpropagation, scene 8, beat 3, 16:9", 1.1, ROW), // 4:49.6, en: 85 % of the width, 34 % of the height
    ("backpropagation, scene 8, beat 4, 16:9", 8.5, ROW), // 4:56.8, en: 85 % of the width, 27 % of the height
    ("backpropagation, scene 9, beat 1, 1:1", 3.7, ROW), // 5:08.6, en: 77 % of the width, 31 % of the height
    ("backpropagation, scene 9, beat 1, 9:16", 19.6, ROW), // 5:08.6, en: 78 % of the width, 15 % of the height
    ("conv-bn-relu, scene 2, beat 1, 1:1", 2.1, ROW), // 0:31.7, en: 85 % of the width, 33 % of the height
    ("conv-bn-relu, scene 2, beat 2, 1:1", 2.1, ROW), // 0:34.4, en: 85 % of the width, 33 % of the height
    ("conv-bn-relu, scene 2, beat 3, 1:1", 2.1, ROW), // 0:42.3, en: 85 % of the width, 33 % of the height
    ("conv-bn-relu, scene 3, beat 3, 16:9", 12.5, UPRIGHT), // 1:25.3, en: 23 % of the width, 60 % of the height
    ("conv-bn-relu, scene 5, beat 1, 9:16", 11.6, ROW), // 2:38.4, en: 85 % of the width, 23 % of the height
    ("conv-bn-relu, scene 5, beat 2, 9:16", 6.2, ROW), // 2:44.4, en: 85 % of the width, 29 % of the height
    ("conv-bn-relu, scene 5, beat 3, 9:16", 8.8, ROW), // 2:50.7, en: 85 % of the width, 26 % of the height
    ("conv-bn-relu, scene 5, beat 4, 9:16", 8.8, ROW), // 3:00.9, en: 85 % of the width, 26 % of the height
    ("conv-bn-relu, scene 5, beat 5, 9:16", 11.6, ROW), // 3:09.9, en: 85 % of the width, 23 % of the height
    ("conv-bn-relu, scene 6, beat 1, 9:16", 11.6, ROW), // 3:16.9, en: 85 % of the width, 23 % of the height
    ("conv-bn-relu, scene 6, beat 2, 9:16", 11.6, ROW), // 3:21.2, en: 85 % of the width, 23 % of the height
    ("conv-bn-relu, scene 6, beat 3, 9:16", 11.6, ROW), // 3:33.0, en: 85 % of the width, 23 % of the height
    ("conv-bn-relu, scene 7, beat 1, 1:1", 1.1, ROW), // 3:48.7, en: 85 % of the width, 34 % of the height
    ("conv-bn-relu, scene 7, beat 2, 1:1", 1.1, ROW), // 3:58.4, en: 85 % of the width, 34 % of the height
    ("conv-bn-relu, scene 7, beat 3, 1:1", 1.1, ROW), // 4:07.7, en: 85 % of the width, 34 % of the height
    ("conv-bn-relu, scene 8, beat 2, 1:1", 2.4, ROW), // 4:24.3, en: 85 % of the width, 33 % of the height
    ("conv1d, scene 1, beat 1, 16:9", 6.3, ROW), // 0:10.8, en: 85 % of the width, 29 % of the height
    ("conv1d, scene 1, beat 1, 1:1", 18.9, ROW), // 0:10.8, en: 85 % of the width, 16 % of the height
    ("conv1d, scene 1, beat 1, 9:16", 27.1, ROW), // 0:10.8, en: 85 % of the width, 8 % of the height
    ("conv1d, scene 1, beat 2, 16:9", 13.7, ROW), // 0:20.2, en: 85 % of the width, 21 % of the height
    ("conv1d, scene 1, beat 3, 16:9", 13.7, ROW), // 0:31.0, en: 85 % of the width, 21 % of the height
    ("conv1d, scene 1, beat 4, 16:9", 7.7, ROW), // 0:35.9, en: 85 % of the width, 27 % of the height
    ("conv1d, scene 1, beat 5, 16:9", 13.7, ROW), // 0:45.9, en: 85 % of the width, 21 % of the height
    ("conv1d, scene 2, beat 1, 16:9", 15.0, ROW), // 0:56.9, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 2, beat 2, 16:9", 15.0, ROW), // 1:00.8, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 2, beat 3, 16:9", 5.6, ROW), // 1:05.8, en: 85 % of the width, 29 % of the height
    ("conv1d, scene 2, beat 4, 16:9", 15.0, ROW), // 1:14.5, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 2, beat 5, 16:9", 15.0, ROW), // 1:28.3, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 2, beat 6, 16:9", 15.0, ROW), // 1:31.7, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 3, beat 1, 16:9", 15.0, ROW), // 1:41.7, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 3, beat 2, 16:9", 15.0, ROW), // 1:48.1, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 3, beat 3, 16:9", 15.0, ROW), // 1:56.9, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 3, beat 4, 16:9", 15.0, ROW), // 2:00.3, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 5, beat 1, 16:9", 16.3, ROW), // 3:32.1, en: 65 % of the width, 19 % of the height
    ("conv1d, scene 5, beat 1, 1:1", 1.0, ROW), // 3:32.1, en: 77 % of the width, 34 % of the height
    ("conv1d, scene 5, beat 1, 9:16", 18.2, ROW), // 3:32.1, en: 77 % of the width, 17 % of the height
    ("conv1d, scene 5, beat 2, 16:9", 7.6, ROW), // 3:37.1, en: 65 % of the width, 27 % of the height
    ("conv1d, scene 5, beat 2, 9:16", 15.1, ROW), // 4:07.0, ja: 77 % of the width, 20 % of the height
    ("conv1d, scene 5, beat 3, 16:9", 16.3, ROW), // 3:42.9, en: 85 % of the width, 19 % of the height
    ("conv1d, scene 5, beat 3, 9:16", 16.3, ROW), // 3:42.9, en: 85 % of the width, 19 % of the height
    ("conv1d, scene 5, beat 4, 16:9", 16.3, ROW), // 3:52.5, en: 85 % of the width, 19 % of the height
    ("conv1d, scene 5, beat 4, 9:16", 16.3, ROW), // 3:52.5, en: 85 % of the width, 19 % of the height
    ("conv1d, scene 5, beat 5, 16:9", 16.3, ROW), // 3:56.9, en: 85 % of the width, 19 % of the height
    ("conv1d, scene 5, beat 5, 9:16", 16.3, ROW), // 3:56.9, en: 85 % of the width, 19 % of the height
    ("conv1d, scene 6, beat 1, 16:9", 15.0, ROW), // 4:09.7, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 6, beat 2, 16:9", 15.0, ROW), // 4:23.9, en: 85 % of the width, 20 % of the height
    ("conv1d, scene 6, beat 3, 16:9", 15.0, ROW), // 4:26.1, en: 85 % of the width, 20 % of the height
    ("conv3d, scene 1, beat 1, 16:9", 10.0, UPRIGHT), // 0:10.4, en: 25 % of the width, 61 % of the height
    ("conv3d, scene 1, beat 2, 16:9", 2.7, UPRIGHT), // 0:22.6, en: 32 % of the width, 71 % of the height
    ("conv3d, scene 2, beat 1, 16:9", 9.4, UPRIGHT), // 0:34.4, en: 26 % of the width, 71 % of the height
    ("conv3d, scene 3, beat 5, 16:9", 9.0, UPRIGHT), // 1:52.1, en: 26 % of the width, 71 % of the height
    ("conv3d, scene 5, beat 1, 9:16", 13.7, ROW), // 2:42.2, en: 85 % of the width, 21 % of the height
    ("convolution, scene 1, beat 1, 16:9", 8.6, UPRIGHT), // 0:18.0, en: 26 % of the width, 71 % of the height
    ("convolution, scene 5, beat 3, 9:16", 8.8, ROW), // 2:42.7, en: 85 % of the width, 26 % of the height
    ("convolution, scene 5, beat 4, 9:16", 8.8, ROW), // 2:53.1, en: 85 % of the width, 26 % of the height
    ("depthwise, scene 1, beat 1, 16:9", 4.4, UPRIGHT), // 0:15.4, en: 31 % of the width, 71 % of the height
    ("depthwise, scene 2, beat 1, 1:1", 0.8, ROW), // 0:36.1, en: 85 % of the width, 34 % of the height
    ("depthwise, scene 2, beat 2, 1:1", 0.8, ROW), // 0:39.1, en: 85 % of the width, 34 % of the height
    ("depthwise, scene 2, beat 4, 1:1", 0.8, ROW), // 0:53.5, en: 85 % of the width, 34 % of the height
    ("depthwise, scene 2, beat 5, 1:1", 2.3, ROW), // 1:02.8, en: 75 % of the width, 33 % of the height
    ("depthwise, scene 2, beat 6, 1:1", 2.3, ROW), // 1:09.2, en: 75 % of the width, 33 % of the height
    ("depthwise, scene 3, beat 1, 1:1", 2.3, ROW), // 1:18.0, en: 75 % of the width, 33 % of the height
    ("depthwise, scene 3, beat 3, 1:1", 2.3, ROW), // 1:31.8, en: 75 % of the width, 33 % of the height
    ("depthwise, scene 3, beat 4, 1:1", 0.8, ROW), // 1:40.6, en: 82 % of the width, 34 % of the height
    ("depthwise, scene 3, beat 5, 1:1", 1.5, ROW), // 1:47.2, en: 75 % of the width, 34 % of the height
    ("depthwise, scene 3, beat 6, 1:1", 1.5, ROW), // 1:52.5, en: 75 % of the width, 34 % of the height
    ("depthwise, scene 3, beat 7, 16:9", 9.0, UPRIGHT), // 2:00.7, en: 26 % of the width, 71 % of the height
    ("depthwise, scene 5, beat 4, 16:9", 9.0, UPRIGHT), // 2:50.0, en: 26 % of the width, 71 % of the height
    ("depthwise, scene 5, beat 5, 16:9", 9.0, UPRIGHT), // 2:53.2, en: 26 % of the width, 71 % of the height
    ("depthwise, scene 6, beat 2, 16:9", 9.5, UPRIGHT), // 3:10.0, en: 26 % of the width, 71 % of the height
    ("depthwise, scene 7, beat 1, 1:1", 0.8, ROW), // 3:49.2, en: 85 % of the width, 34 % of the height
    ("depthwise, scene 7, beat 2, 1:1", 0.8, ROW), // 4:04.5, en: 85 % of the width, 34 % of the height
    ("depthwise, scene 7, beat 3, 1:1", 0.8, ROW), // 4:19.1, en: 85 % of the width, 34 % of the height
    ("depthwise, scene 7, beat 4, 1:1", 0.8, ROW), // 4:21.3, en: 85 % of the width, 34 % of the height
    ("depthwise-separable, scene 5, beat 3, 16:9", 5.0, ROW), // 2:51.4, en: 76 % of the width, 30 % of the height
    ("depthwise-separable, scene 5, beat 5, 16:9", 5.0, ROW), // 3:12.8, en: 76 % of the width, 30 % of the height
    ("depthwise-separable, scene 7, beat 1, 16:9", 5.0, ROW), // 4:01.6, en: 76 % of the width, 30 % of the height
    ("depthwise-separable, scene 7, beat 3, 16:9", 5.0, ROW), // 4:24.5, en: 76 % of the width, 30 % of the height
    ("depthwise-separable, scene 7, beat 4, 16:9", 5.0, ROW), // 4:33.1, en: 76 % of the width, 30 % of the height
    ("depthwise-separable, scene 7, beat 5, 16:9", 5.0, ROW), // 4:45.5, en: 76 % of the width, 30 % of the height
    ("depthwise-separable, scene 7, beat 6, 16:9", 5.0, ROW), // 4:58.5, en: 76 % of the width, 30 % of the height
    ("depthwise-separable, scene 7, beat 7, 16:9", 5.0, ROW), // 5:00.2, en: 76 % of the width, 30 % of the height
    ("digit-network, scene 1, beat 1, 16:9", 11.6, UPRIGHT), // 0:12.9, en: 23 % of the width, 70 % of the height
    ("digit-network, scene 1, beat 3, 9:16", 0.7, ROW), // 0:32.9, en: 80 % of the width, 34 % of the height
    ("digit-network, scene 1, beat 4, 9:16", 4.4, ROW), // 0:36.3, en: 80 % of the width, 31 % of the height
    ("digit-network, scene 10, beat 1, 16:9", 10.0, UPRIGHT), // 3:49.5, en: 25 % of the width, 68 % of the height
    ("digit-network, scene 10, beat 2, 16:9", 18.1, UPRIGHT), // 3:54.5, en: 17 % of the width, 68 % of the height
    ("digit-network, scene 10, beat 2, 1:1", 4.9, UPRIGHT), // 3:54.5, en: 30 % of the width, 75 % of the height
    ("digit-network, scene 11, beat 1, 1:1", 0.9, ROW), // 4:08.5, en: 77 % of the width, 34 % of the height
    ("digit-network, scene 11, beat 1, 9:16", 18.2, ROW), // 4:08.5, en: 77 % of the width, 17 % of the height
    ("digit-network, scene 11, beat 2, 1:1", 0.9, ROW), // 4:20.5, en: 77 % of the width, 34 % of the height
    ("digit-network, scene 11, beat 2, 9:16", 18.2, ROW), // 4:20.5, en: 77 % of the width, 17 % of the height
    ("digit-network, scene 12, beat 1, 16:9", 6.9, UPRIGHT), // 4:28.5, en: 28 % of the width, 68 % of the height
    ("digit-network, scene 13, beat 1, 1:1", 0.9, ROW), // 4:36.0, en: 77 % of the width, 34 % of the height
    ("digit-network, scene 13, beat 1, 9:16", 18.2, ROW), // 4:36.0, en: 77 % of the width, 17 % of the height
    ("digit-network, scene 13, beat 2, 1:1", 0.9, ROW), // 4:45.6, en: 77 % of the width, 34 % of the height
    ("digit-network, scene 13, beat 2, 9:16", 18.2, ROW), // 4:45.6, en: 77 % of the width, 17 % of the height
    ("digit-network, scene 14, beat 1, 1:1", 6.1, ROW), // 5:05.8, en: 85 % of the width, 29 % of the height
    ("digit-network, scene 14, beat 1, 9:16", 19.7, ROW), // 5:05.8, en: 85 % of the width, 15 % of the height
    ("digit-network, scene 14, beat 2, 1:1", 6.1, ROW), // 5:08.0, en: 85 % of the width, 29 % of the height
    ("digit-network, scene 14, beat 2, 9:16", 19.7, ROW), // 5:08.0, en: 85 % of the width, 15 % of the height
    ("digit-network, scene 3, beat 1, 1:1", 4.0, ROW), // 1:19.6, en: 76 % of the width, 31 % of the height
    ("digit-network, scene 3, beat 1, 9:16", 19.7, ROW), // 1:19.6, en: 76 % of the width, 15 % of the height
    ("digit-network, scene 3, beat 2, 9:16", 16.2, ROW), // 1:25.0, en: 76 % of the width, 19 % of the height
    ("digit-network, scene 3, beat 3, 9:16", 16.2, ROW), // 1:36.5, en: 76 % of the width, 19 % of the height
    ("digit-network, scene 3, beat 4, 1:1", 4.0, ROW), // 1:44.3, en: 76 % of the width, 31 % of the height
    ("digit-network, scene 3, beat 4, 9:16", 19.7, ROW), // 1:44.3, en: 76 % of the width, 15 % of the height
    ("digit-network, scene 4, beat 1, 16:9", 4.8, UPRIGHT), // 1:48.8, en: 30 % of the width, 79 % of the height
    ("digit-network, scene 4, beat 2, 16:9", 7.3, UPRIGHT), // 1:56.4, en: 28 % of the width, 76 % of the height
    ("digit-network, scene 5, beat 3, 1:1", 6.1, ROW), // 2:39.3, en: 85 % of the width, 29 % of the height
    ("digit-network, scene 5, beat 3, 9:16", 19.7, ROW), // 2:39.3, en: 85 % of the width, 15 % of the height
    ("digit-network, scene 6, beat 1, 16:9", 15.9, ROW), // 2:47.1, en: 85 % of the width, 19 % of the height
    ("digit-network, scene 6, beat 1, 1:1", 24.3, ROW), // 2:47.1, en: 85 % of the width, 11 % of the height
    ("digit-network, scene 6, beat 1, 9:16", 29.7, ROW), // 2:47.1, en: 85 % of the width, 5 % of the height
    ("digit-network, scene 6, beat 2, 16:9", 15.9, ROW), // 2:55.6, en: 85 % of the width, 19 % of the height
    ("digit-network, scene 6, beat 2, 1:1", 24.3, ROW), // 2:55.6, en: 85 % of the width, 11 % of the height
    ("digit-network, scene 6, beat 2, 9:16", 29.7, ROW), // 2:55.6, en: 85 % of the width, 5 % of the height
    ("digit-network, scene 7, beat 1, 1:1", 0.9, ROW), // 3:07.7, en: 77 % of the width, 34 % of the height
    ("digit-network, scene 7, beat 1, 9:16", 18.2, ROW), // 3:07.7, en: 77 % of the width, 17 % of the height
    ("digit-network, scene 8, beat 1, 16:9", 6.9, UPRIGHT), // 3:17.5, en: 28 % of the width, 68 % of the height
    ("digit-network, scene 8, beat 2, 16:9", 16.0, UPRIGHT), // 3:22.5, en: 19 % of the width, 67 % of the height
    ("digit-network, scene 8, beat 2, 1:1", 1.2, UPRIGHT), // 3:22.5, en: 34 % of the width, 74 % of the height
    ("digit-network, scene 9, beat 1, 1:1", 0.9, ROW), // 3:35.4, en: 77 % of the width, 34 % of the height
    ("digit-network, scene 9, beat 1, 9:16", 18.2, ROW), // 3:35.4, en: 77 % of the width, 17 % of the height
    ("digit-network, scene 9, beat 2, 1:1", 0.9, ROW), // 3:41.6, en: 77 % of the width, 34 % of the height
    ("digit-network, scene 9, beat 2, 9:16", 18.2, ROW), // 3:41.6, en: 77 % of the width, 17 % of the height
    ("dilation, scene 5, beat 2, 16:9", 4.5, UPRIGHT), // 2:13.5, en: 31 % of the width, 71 % of the height
    ("filters, scene 1, beat 1, 16:9", 5.4, UPRIGHT), // 0:14.4, en: 30 % of the width, 71 % of the height
    ("filters, scene 4, beat 2, 16:9", 9.3, UPRIGHT), // 2:12.0, en: 26 % of the width, 71 % of the height
    ("filters, scene 5, beat 4, 16:9", 9.3, UPRIGHT), // 2:54.3, en: 26 % of the width, 71 % of the height
    ("filters, scene 5, beat 5, 16:9", 9.3, UPRIGHT), // 3:06.3, en: 26 % of the width, 71 % of the height
    ("filters, scene 6, beat 2, 16:9", 8.8, UPRIGHT), // 3:33.6, en: 26 % of the width, 65 % of the height
    ("groups, scene 5, beat 2, 1:1", 0.8, ROW), // 2:56.4, en: 85 % of the width, 34 % of the height
    ("head, scene 1, beat 1, 16:9", 9.7, UPRIGHT), // 0:11.9, en: 25 % of the width, 71 % of the height
    ("head, scene 1, beat 2, 16:9", 1.8, UPRIGHT), // 0:24.4, en: 33 % of the width, 71 % of the height
    ("head, scene 2, beat 1, 9:16", 11.0, ROW), // 0:35.3, en: 85 % of the width, 24 % of the height
    ("head, scene 2, beat 2, 9:16", 7.1, ROW), // 0:40.7, en: 85 % of the width, 28 % of the height
    ("head, scene 2, beat 3, 9:16", 7.1, ROW), // 0:47.4, en: 85 % of the width, 28 % of the height
    ("head, scene 2, beat 4, 9:16", 11.0, ROW), // 0:52.7, en: 85 % of the width, 24 % of the height
    ("head, scene 2, beat 5, 9:16", 11.0, ROW), // 0:59.6, en: 85 % of the width, 24 % of the height
    ("head, scene 3, beat 1, 9:16", 15.6, ROW), // 1:13.0, en: 85 % of the width, 19 % of the height
    ("head, scene 3, beat 2, 9:16", 13.3, ROW), // 1:18.3, en: 85 % of the width, 22 % of the height
    ("head, scene 3, beat 3, 9:16", 13.3, ROW), // 1:26.0, en: 85 % of the width, 22 % of the height
    ("head, scene 3, beat 4, 9:16", 15.6, ROW), // 1:31.4, en: 85 % of the width, 19 % of the height
    ("head, scene 3, beat 5, 9:16", 15.6, ROW), // 1:39.0, en: 85 % of the width, 19 % of the height
    ("head, scene 5, beat 1, 1:1", 9.8, ROW), // 2:36.8, en: 85 % of the width, 25 % of the height
    ("head, scene 5, beat 2, 1:1", 9.8, ROW), // 2:45.0, en: 85 % of the width, 25 % of the height
    ("head, scene 5, beat 4, 1:1", 9.8, ROW), // 2:56.8, en: 85 % of the width, 25 % of the height
    ("head, scene 5, beat 5, 9:16", 5.1, ROW), // 3:00.1, en: 84 % of the width, 30 % of the height
    ("head, scene 5, beat 6, 9:16", 5.1, ROW), // 3:10.4, en: 84 % of the width, 30 % of the height
    ("head, scene 5, beat 7, 9:16", 6.6, ROW), // 3:22.4, en: 84 % of the width, 28 % of the height
    ("head, scene 6, beat 1, 16:9", 0.5, UPRIGHT), // 3:36.2, en: 38 % of the width, 60 % of the height
    ("head, scene 6, beat 1, 9:16", 5.6, ROW), // 3:36.2, en: 68 % of the width, 29 % of the height
    ("head, scene 6, beat 2, 16:9", 6.5, UPRIGHT), // 3:41.6, en: 29 % of the width, 57 % of the height
    ("head, scene 6, beat 2, 1:1", 5.1, UPRIGHT), // 3:41.6, en: 51 % of the width, 55 % of the height
    ("head, scene 6, beat 2, 9:16", 2.0, ROW), // 3:41.6, en: 68 % of the width, 33 % of the height
    ("head, scene 6, beat 3, 16:9", 6.5, UPRIGHT), // 3:52.6, en: 29 % of the width, 57 % of the height
    ("head, scene 6, beat 3, 1:1", 5.1, UPRIGHT), // 3:52.6, en: 51 % of the width, 55 % of the height
    ("head, scene 6, beat 3, 9:16", 2.0, ROW), // 3:52.6, en: 68 % of the width, 33 % of the height
    ("head, scene 6, beat 4, 16:9", 0.5, UPRIGHT), // 3:58.1, en: 38 % of the width, 60 % of the height
    ("head, scene 6, beat 4, 9:16", 5.6, ROW), // 3:58.1, en: 68 % of the width, 29 % of the height
    ("head, scene 7, beat 3, 16:9", 0.5, UPRIGHT), // 4:19.3, en: 38 % of the width, 60 % of the height
    ("head, scene 7, beat 3, 9:16", 5.6, ROW), // 4:19.3, en: 68 % of the width, 29 % of the height
    ("head, scene 7, beat 4, 16:9", 0.5, UPRIGHT), // 4:32.1, en: 38 % of the width, 60 % of the height
    ("head, scene 7, beat 4, 9:16", 5.6, ROW), // 4:32.1, en: 68 % of the width, 29 % of the height
    ("head, scene 8, beat 1, 1:1", 14.0, ROW), // 4:45.9, en: 85 % of the width, 21 % of the height
    ("head, scene 8, beat 2, 1:1", 14.0, ROW), // 4:58.3, en: 85 % of the width, 21 % of the height
    ("head, scene 8, beat 3, 1:1", 14.0, ROW), // 5:15.3, en: 85 % of the width, 21 % of the height
    ("head, scene 8, beat 4, 1:1", 14.0, ROW), // 5:17.5, en: 85 % of the width, 21 % of the height
    ("kernel-size, scene 1, beat 2, 16:9", 5.5, UPRIGHT), // 0:20.2, en: 30 % of the width, 71 % of the height
    ("kernel-size, scene 1, beat 3, 16:9", 10.4, UPRIGHT), // 0:29.6, en: 25 % of the width, 71 % of the height
    ("kernel-size, scene 3, beat 7, 16:9", 5.4, UPRIGHT), // 1:42.4, en: 30 % of the width, 71 % of the height
    ("kernel-size, scene 5, beat 1, 1:1", 2.9, ROW), // 2:39.5, en: 85 % of the width, 32 % of the height
    ("kernel-size, scene 5, beat 2, 1:1", 2.9, ROW), // 2:44.9, en: 85 % of the width, 32 % of the height
    ("kernel-size, scene 5, beat 4, 1:1", 2.9, ROW), // 2:56.9, en: 85 % of the width, 32 % of the height
    ("kernel-size, scene 5, beat 5, 1:1", 2.9, ROW), // 3:12.6, en: 85 % of the width, 32 % of the height
    ("kernel-size, scene 5, beat 8, 1:1", 2.9, ROW), // 3:29.2, en: 85 % of the width, 32 % of the height
    ("kernel-size, scene 5, beat 9, 1:1", 2.9, ROW), // 3:46.5, en: 85 % of the width, 32 % of the height
    ("kernel-size, scene 6, beat 1, 1:1", 0.3, ROW), // 4:21.8, en: 85 % of the width, 35 % of the height
    ("kernel-size, scene 6, beat 2, 1:1", 0.3, ROW), // 4:26.7, en: 85 % of the width, 35 % of the height
    ("kernel-size, scene 6, beat 3, 1:1", 0.3, ROW), // 4:32.9, en: 85 % of the width, 35 % of the height
    ("macs-and-time, scene 1, beat 1, 16:9", 12.5, UPRIGHT), // 0:13.5, en: 23 % of the width, 72 % of the height
    ("macs-and-time, scene 1, beat 2, 16:9", 18.6, UPRIGHT), // 0:21.7, en: 16 % of the width, 70 % of the height
    ("macs-and-time, scene 1, beat 2, 1:1", 5.8, UPRIGHT), // 0:21.7, en: 29 % of the width, 67 % of the height
    ("macs-and-time, scene 3, beat 1, 16:9", 12.5, UPRIGHT), // 1:24.7, en: 23 % of the width, 72 % of the height
    ("macs-and-time, scene 3, beat 2, 16:9", 12.5, UPRIGHT), // 1:40.3, en: 23 % of the width, 72 % of the height
    ("macs-and-time, scene 3, beat 3, 16:9", 12.5, UPRIGHT), // 1:58.4, en: 23 % of the width, 72 % of the height
    ("macs-and-time, scene 4, beat 2, 16:9", 3.9, UPRIGHT), // 2:15.7, en: 31 % of the width, 73 % of the height
    ("macs-and-time, scene 5, beat 1, 16:9", 2.3, UPRIGHT), // 2:49.2, en: 33 % of the width, 71 % of the height
    ("macs-and-time, scene 5, beat 2, 16:9", 2.3, UPRIGHT), // 2:53.5, en: 33 % of the width, 71 % of the height
    ("macs-and-time, scene 5, beat 3, 9:16", 3.3, ROW), // 3:05.5, en: 83 % of the width, 32 % of the height
    ("macs-and-time, scene 5, beat 4, 16:9", 2.3, UPRIGHT), // 3:19.6, en: 33 % of the width, 71 % of the height
    ("output-size, scene 1, beat 1, 16:9", 10.3, UPRIGHT), // 0:11.4, en: 25 % of the width, 71 % of the height
    ("output-size, scene 1, beat 2, 1:1", 8.5, ROW), // 0:19.1, en: 86 % of the width, 27 % of the height
    ("output-size, scene 1, beat 3, 1:1", 8.5, ROW), // 0:25.4, en: 86 % of the width, 27 % of the height
    ("output-size, scene 1, beat 4, 1:1", 8.5, ROW), // 0:38.0, en: 86 % of the width, 27 % of the height
    ("output-size, scene 2, beat 1, 9:16", 15.4, ROW), // 0:45.7, en: 85 % of the width, 20 % of the height
    ("output-size, scene 2, beat 2, 9:16", 13.0, ROW), // 0:59.3, en: 85 % of the width, 22 % of the height
    ("output-size, scene 2, beat 3, 9:16", 13.0, ROW), // 1:08.1, en: 85 % of the width, 22 % of the height
    ("output-size, scene 4, beat 1, 16:9", 1.7, UPRIGHT), // 1:51.5, en: 33 % of the width, 60 % of the height
    ("output-size, scene 4, beat 1, 1:1", 0.5, UPRIGHT), // 1:51.5, en: 59 % of the width, 60 % of the height
    ("output-size, scene 4, beat 1, 9:16", 1.7, ROW), // 1:51.5, en: 67 % of the width, 33 % of the height
    ("output-size, scene 4, beat 2, 16:9", 12.5, UPRIGHT), // 1:56.5, en: 23 % of the width, 59 % of the height
    ("output-size, scene 4, beat 3, 1:1", 5.2, ROW), // 2:02.5, en: 66 % of the width, 30 % of the height
    ("output-size, scene 4, beat 4, 1:1", 5.2, ROW), // 2:06.8, en: 87 % of the width, 30 % of the height
    ("output-size, scene 5, beat 1, 1:1", 9.4, ROW), // 2:26.1, en: 71 % of the width, 26 % of the height
    ("output-size, scene 5, beat 2, 1:1", 9.4, ROW), // 2:30.4, en: 71 % of the width, 26 % of the height
    ("output-size, scene 5, beat 3, 1:1", 9.4, ROW), // 2:40.4, en: 88 % of the width, 26 % of the height
    ("output-size, scene 5, beat 4, 1:1", 3.2, ROW), // 2:44.8, en: 88 % of the width, 32 % of the height
    ("output-size, scene 5, beat 5, 1:1", 3.2, ROW), // 2:52.3, en: 88 % of the width, 32 % of the height
    ("output-size, scene 6, beat 1, 16:9", 3.1, UPRIGHT), // 3:02.6, en: 32 % of the width, 60 % of the height
    ("output-size, scene 6, beat 1, 1:1", 0.5, UPRIGHT), // 3:02.6, en: 57 % of the width, 60 % of the height
    ("output-size, scene 6, beat 1, 9:16", 0.5, ROW), // 3:02.6, en: 67 % of the width, 35 % of the height
    ("output-size, scene 6, beat 2, 16:9", 13.4, UPRIGHT), // 3:08.6, en: 22 % of the width, 59 % of the height
    ("output-size, scene 7, beat 1, 1:1", 8.5, ROW), // 3:49.8, en: 88 % of the width, 27 % of the height
    ("output-size, scene 7, beat 2, 1:1", 8.5, ROW), // 3:53.6, en: 88 % of the width, 27 % of the height
    ("output-size, scene 7, beat 3, 1:1", 8.5, ROW), // 4:03.9, en: 88 % of the width, 27 % of the height
    ("output-size, scene 8, beat 1, 1:1", 9.4, ROW), // 4:27.1, en: 88 % of the width, 26 % of the height
    ("output-size, scene 8, beat 2, 1:1", 9.4, ROW), // 4:40.4, en: 88 % of the width, 26 % of the height
    ("output-size, scene 8, beat 3, 1:1", 9.4, ROW), // 4:46.2, en: 88 % of the width, 26 % of the height
    ("output-size, scene 8, beat 4, 1:1", 9.4, ROW), // 4:48.4, en: 88 % of the width, 26 % of the height
    ("padding, scene 4, beat 1, 16:9", 0.5, UPRIGHT), // 2:14.0, en: 48 % of the width, 60 % of the height
    ("padding, scene 4, beat 1, 9:16", 10.9, ROW), // 2:14.0, en: 70 % of the width, 24 % of the height
    ("padding, scene 4, beat 2, 16:9", 2.6, UPRIGHT), // 2:20.0, en: 32 % of the width, 59 % of the height
    ("padding, scene 4, beat 2, 1:1", 1.0, UPRIGHT), // 2:29.8, ja: 58 % of the width, 59 % of the height
    ("padding, scene 4, beat 2, 9:16", 6.4, ROW), // 2:29.8, ja: 70 % of the width, 29 % of the height
    ("padding, scene 4, beat 5, 9:16", 11.5, ROW), // 2:40.8, en: 85 % of the width, 24 % of the height
    ("padding, scene 4, beat 6, 9:16", 11.5, ROW), // 2:54.3, en: 85 % of the width, 24 % of the height
    ("padding, scene 4, beat 7, 9:16", 11.5, ROW), // 3:05.1, en: 85 % of the width, 24 % of the height
    ("padding, scene 5, beat 2, 16:9", 7.6, UPRIGHT), // 3:22.7, en: 27 % of the width, 71 % of the height
    ("pixel-shuffle, scene 1, beat 1, 16:9", 13.4, UPRIGHT), // 0:11.7, en: 22 % of the width, 58 % of the height
    ("pixel-shuffle, scene 1, beat 2, 16:9", 4.0, UPRIGHT), // 0:28.3, en: 31 % of the width, 71 % of the height
    ("pixel-shuffle, scene 2, beat 2, 16:9", 14.3, UPRIGHT), // 0:48.7, en: 21 % of the width, 62 % of the height
    ("pixel-shuffle, scene 2, beat 2, 1:1", 19.2, MOVED), // 0:48.7, en: 24 % of the width, 41 % of the height
    ("pixel-shuffle, scene 2, beat 2, 9:16", 17.4, MOVED), // 0:48.7, en: 43 % of the width, 36 % of the height
    ("pixel-shuffle, scene 2, beat 3, 16:9", 12.0, UPRIGHT), // 0:56.7, en: 23 % of the width, 60 % of the height
    ("pixel-shuffle, scene 3, beat 4, 16:9", 9.4, UPRIGHT), // 1:40.0, en: 26 % of the width, 71 % of the height
    ("pixel-shuffle, scene 3, beat 4, 9:16", 7.2, TO_MEND), // 1:40.0, en: 53 % of the width, 41 % of the height
    ("pixel-shuffle, scene 3, beat 5, 16:9", 7.6, UPRIGHT), // 1:48.6, en: 27 % of the width, 71 % of the height
    ("pixel-shuffle, scene 4, beat 1, 1:1", 2.1, ROW), // 1:59.3, en: 85 % of the width, 33 % of the height
    ("pixel-shuffle, scene 4, beat 2, 1:1", 2.1, ROW), // 2:04.2, en: 85 % of the width, 33 % of the height
    ("pixel-shuffle, scene 5, beat 1, 16:9", 12.9, UPRIGHT), // 2:14.1, en: 22 % of the width, 56 % of the height
    ("pixel-shuffle, scene 5, beat 2, 16:9", 20.1, UPRIGHT), // 2:20.1, en: 15 % of the width, 56 % of the height
    ("pixel-shuffle, scene 5, beat 2, 1:1", 8.9, UPRIGHT), // 2:20.1, en: 26 % of the width, 62 % of the height
    ("pixel-shuffle, scene 5, beat 3, 16:9", 5.0, UPRIGHT), // 2:33.1, en: 30 % of the width, 56 % of the height
    ("pixel-shuffle, scene 5, beat 3, 1:1", 5.7, TO_MEND), // 2:33.1, en: 53 % of the width, 54 % of the height
    ("pixel-shuffle, scene 5, beat 3, 9:16", 1.4, UPRIGHT), // 2:33.1, en: 37 % of the width, 59 % of the height
    ("pixel-shuffle, scene 5, beat 4, 16:9", 9.2, UPRIGHT), // 2:44.3, en: 26 % of the width, 65 % of the height
    ("pixel-shuffle, scene 6, beat 1, 16:9", 9.7, UPRIGHT), // 3:09.7, en: 25 % of the width, 65 % of the height
    ("pixel-shuffle, scene 6, beat 2, 16:9", 13.5, UPRIGHT), // 3:21.7, en: 22 % of the width, 65 % of the height
    ("pixel-shuffle, scene 6, beat 3, 1:1", 5.0, ROW), // 3:33.6, en: 86 % of the width, 30 % of the height
    ("pixel-shuffle, scene 6, beat 3, 9:16", 20.2, ROW), // 3:33.6, en: 86 % of the width, 15 % of the height
    ("pixel-shuffle, scene 7, beat 1, 9:16", 4.4, ROW), // 3:43.8, en: 79 % of the width, 31 % of the height
    ("pixel-shuffle, scene 7, beat 2, 9:16", 4.4, ROW), // 3:49.2, en: 79 % of the width, 31 % of the height
    ("pixel-shuffle, scene 7, beat 3, 9:16", 4.4, ROW), // 4:03.8, en: 79 % of the width, 31 % of the height
    ("pixel-shuffle, scene 7, beat 4, 9:16", 4.4, ROW), // 4:13.1, en: 79 % of the width, 31 % of the height
    ("pixel-shuffle, scene 8, beat 2, 16:9", 14.9, MOVED), // 4:31.8, en: 20 % of the width, 46 % of the height
    ("pixel-shuffle, scene 8, beat 2, 1:1", 21.2, MOVED), // 4:31.8, en: 30 % of the width, 39 % of the height
    ("pixel-shuffle, scene 8, beat 2, 9:16", 18.6, MOVED), // 4:31.8, en: 41 % of the width, 26 % of the height
    ("pixel-shuffle, scene 9, beat 1, 16:9", 7.8, UPRIGHT), // 4:55.3, en: 27 % of the width, 71 % of the height
    ("pixel-shuffle, scene 9, beat 1, 1:1", 12.4, MOVED), // 4:55.3, en: 33 % of the width, 48 % of the height
    ("pixel-shuffle, scene 9, beat 1, 9:16", 12.1, MOVED), // 4:55.3, en: 48 % of the width, 34 % of the height
    ("pixel-shuffle, scene 9, beat 2, 16:9", 7.8, UPRIGHT), // 5:10.0, en: 27 % of the width, 71 % of the height
    ("pixel-shuffle, scene 9, beat 3, 16:9", 7.8, UPRIGHT), // 5:12.0, en: 27 % of the width, 71 % of the height
    ("pointwise, scene 1, beat 1, 16:9", 7.0, UPRIGHT), // 0:11.6, en: 28 % of the width, 71 % of the height
    ("pointwise, scene 1, beat 2, 16:9", 14.0, UPRIGHT), // 0:22.2, en: 21 % of the width, 62 % of the height
    ("pointwise, scene 1, beat 2, 9:16", 2.7, TO_MEND), // 0:22.2, en: 57 % of the width, 47 % of the height
    ("pointwise, scene 1, beat 3, 16:9", 9.3, UPRIGHT), // 0:32.5, en: 26 % of the width, 71 % of the height
    ("pointwise, scene 2, beat 7, 16:9", 8.6, UPRIGHT), // 1:30.1, en: 26 % of the width, 71 % of the height
    ("pointwise, scene 3, beat 3, 16:9", 9.9, UPRIGHT), // 1:51.0, en: 25 % of the width, 71 % of the height
    ("pointwise, scene 8, beat 1, 16:9", 2.9, ROW), // 4:05.2, en: 88 % of the width, 32 % of the height
    ("pointwise, scene 8, beat 2, 16:9", 2.9, ROW), // 4:19.9, en: 88 % of the width, 32 % of the height
    ("pointwise, scene 8, beat 3, 16:9", 2.9, ROW), // 4:29.9, en: 88 % of the width, 32 % of the height
    ("pooling, scene 3, beat 2, 16:9", 1.0, UPRIGHT), // 2:17.6, en: 34 % of the width, 71 % of the height
    ("pooling, scene 4, beat 1, 16:9", 1.3, UPRIGHT), // 2:45.9, en: 34 % of the width, 66 % of the height
    ("pooling, scene 4, beat 2, 16:9", 1.3, UPRIGHT), // 2:53.2, en: 34 % of the width, 66 % of the height
    ("pooling, scene 4, beat 3, 16:9", 10.4, UPRIGHT), // 3:02.3, en: 25 % of the width, 63 % of the height
    ("pooling, scene 4, beat 4, 1:1", 10.5, ROW), // 3:13.5, en: 78 % of the width, 25 % of the height
    ("pooling, scene 4, beat 4, 9:16", 22.9, ROW), // 3:13.5, en: 78 % of the width, 12 % of the height
    ("pooling, scene 4, beat 5, 16:9", 1.3, UPRIGHT), // 3:23.0, en: 34 % of the width, 66 % of the height
    ("quantisation, scene 1, beat 1, 9:16", 8.1, ROW), // 0:11.0, en: 90 % of the width, 27 % of the height
    ("quantisation, scene 1, beat 2, 9:16", 8.1, ROW), // 0:20.9, en: 90 % of the width, 27 % of the height
    ("quantisation, scene 2, beat 3, 1:1", 5.3, ROW), // 1:01.0, en: 85 % of the width, 30 % of the height
    ("quantisation, scene 3, beat 1, 1:1", 1.1, UPRIGHT), // 1:16.4, en: 34 % of the width, 66 % of the height
    ("quantisation, scene 3, beat 3, 1:1", 4.2, UPRIGHT), // 1:27.9, en: 31 % of the width, 71 % of the height
    ("quantisation, scene 4, beat 1, 9:16", 11.3, ROW), // 2:00.8, en: 85 % of the width, 24 % of the height
    ("quantisation, scene 4, beat 2, 1:1", 5.1, ROW), // 2:15.9, en: 85 % of the width, 30 % of the height
    ("quantisation, scene 4, beat 3, 1:1", 5.1, ROW), // 2:21.7, en: 85 % of the width, 30 % of the height
    ("quantisation, scene 5, beat 1, 9:16", 14.3, ROW), // 2:33.4, en: 85 % of the width, 21 % of the height
    ("quantisation, scene 5, beat 2, 9:16", 11.0, ROW), // 2:38.7, en: 85 % of the width, 24 % of the height
    ("quantisation, scene 5, beat 3, 9:16", 11.0, ROW), // 2:54.3, en: 85 % of the width, 24 % of the height
    ("quantisation, scene 5, beat 4, 9:16", 14.3, ROW), // 2:58.3, en: 85 % of the width, 21 % of the height
    ("quantisation, scene 6, beat 1, 1:1", 1.0, ROW), // 3:09.2, en: 85 % of the width, 34 % of the height
    ("quantisation, scene 6, beat 1, 9:16", 18.2, ROW), // 3:09.2, en: 85 % of the width, 17 % of the height
    ("quantisation, scene 6, beat 2, 9:16", 16.2, ROW), // 3:12.6, en: 85 % of the width, 19 % of the height
    ("quantisation, scene 6, beat 3, 9:16", 13.4, ROW), // 3:23.6, en: 77 % of the width, 22 % of the height
    ("quantisation, scene 6, beat 4, 9:16", 9.4, ROW), // 3:28.6, en: 77 % of the width, 26 % of the height
    ("quantisation, scene 6, beat 5, 1:1", 5.1, ROW), // 3:41.4, en: 85 % of the width, 30 % of the height
    ("quantisation, scene 6, beat 5, 9:16", 20.3, ROW), // 3:41.4, en: 85 % of the width, 15 % of the height
    ("quantisation, scene 6, beat 6, 1:1", 5.1, ROW), // 3:47.4, en: 85 % of the width, 30 % of the height
    ("quantisation, scene 6, beat 6, 9:16", 20.3, ROW), // 3:47.4, en: 85 % of the width, 15 % of the height
    ("quantisation, scene 7, beat 1, 16:9", 4.1, UPRIGHT), // 4:03.1, en: 31 % of the width, 71 % of the height
    ("quantisation, scene 7, beat 2, 16:9", 14.1, UPRIGHT), // 4:08.1, en: 21 % of the width, 71 % of the height
    ("quantisation, scene 7, beat 3, 1:1", 11.8, ROW), // 4:22.9, en: 85 % of the width, 23 % of the height
    ("quantisation, scene 7, beat 4, 1:1", 11.8, ROW), // 4:36.4, en: 85 % of the width, 23 % of the height
    ("quantisation, scene 8, beat 1, 1:1", 5.7, ROW), // 4:49.4, en: 85 % of the width, 29 % of the height
    ("quantisation, scene 8, beat 2, 1:1", 5.7, ROW), // 4:59.1, en: 85 % of the width, 29 % of the height
    ("residual, scene 1, beat 1, 16:9", 11.5, ROW), // 0:11.5, en: 85 % of the width, 24 % of the height
    ("residual, scene 1, beat 1, 1:1", 21.8, ROW), // 0:11.5, en: 85 % of the width, 13 % of the height
    ("residual, scene 1, beat 1, 9:16", 0.6, ROW), // 0:11.5, en: 82 % of the width, 34 % of the height
    ("residual, scene 1, beat 2, 16:9", 11.5, ROW), // 0:16.8, en: 85 % of the width, 24 % of the height
    ("residual, scene 1, beat 2, 1:1", 21.8, ROW), // 0:16.8, en: 85 % of the width, 13 % of the height
    ("residual, scene 1, beat 2, 9:16", 0.6, ROW), // 0:16.8, en: 82 % of the width, 34 % of the height
    ("residual, scene 1, beat 3, 16:9", 0.6, ROW), // 0:21.8, en: 85 % of the width, 34 % of the height
    ("residual, scene 1, beat 3, 1:1", 15.7, ROW), // 0:21.8, en: 85 % of the width, 19 % of the height
    ("residual, scene 1, beat 4, 16:9", 11.5, ROW), // 0:36.4, en: 85 % of the width, 24 % of the height
    ("residual, scene 1, beat 4, 1:1", 21.8, ROW), // 0:36.4, en: 85 % of the width, 13 % of the height
    ("residual, scene 1, beat 4, 9:16", 0.6, ROW), // 0:36.4, en: 82 % of the width, 34 % of the height
    ("residual, scene 1, beat 5, 16:9", 11.5, ROW), // 0:46.4, en: 85 % of the width, 24 % of the height
    ("residual, scene 1, beat 5, 1:1", 21.8, ROW), // 0:46.4, en: 85 % of the width, 13 % of the height
    ("residual, scene 1, beat 5, 9:16", 0.6, ROW), // 0:46.4, en: 82 % of the width, 34 % of the height
    ("residual, scene 2, beat 1, 1:1", 8.9, ROW), // 0:55.7, en: 85 % of the width, 26 % of the height
    ("residual, scene 2, beat 2, 1:1", 8.9, ROW), // 1:02.0, en: 85 % of the width, 26 % of the height
    ("residual, scene 2, beat 3, 1:1", 8.9, ROW), // 1:12.0, en: 85 % of the width, 26 % of the height
    ("residual, scene 3, beat 1, 1:1", 15.1, ROW), // 1:21.7, en: 82 % of the width, 20 % of the height
    ("residual, scene 3, beat 2, 1:1", 10.2, ROW), // 1:25.6, en: 82 % of the width, 25 % of the height
    ("residual, scene 3, beat 3, 1:1", 10.2, ROW), // 1:33.7, en: 82 % of the width, 25 % of the height
    ("residual, scene 3, beat 4, 1:1", 15.1, ROW), // 1:37.5, en: 82 % of the width, 20 % of the height
    ("residual, scene 3, beat 5, 1:1", 15.1, ROW), // 1:46.9, en: 82 % of the width, 20 % of the height
    ("residual, scene 4, beat 1, 1:1", 15.1, ROW), // 1:54.4, en: 82 % of the width, 20 % of the height
    ("residual, scene 4, beat 2, 1:1", 2.8, ROW), // 1:59.4, en: 82 % of the width, 32 % of the height
    ("residual, scene 4, beat 3, 1:1", 15.1, ROW), // 2:07.1, en: 82 % of the width, 20 % of the height
    ("residual, scene 4, beat 4, 1:1", 15.1, ROW), // 2:17.1, en: 82 % of the width, 20 % of the height
    ("residual, scene 4, beat 5, 1:1", 15.1, ROW), // 2:31.3, en: 82 % of the width, 20 % of the height
    ("residual, scene 6, beat 1, 1:1", 5.9, ROW), // 3:08.0, en: 80 % of the width, 29 % of the height
    ("residual, scene 6, beat 3, 1:1", 5.9, ROW), // 3:20.7, en: 80 % of the width, 29 % of the height
    ("residual, scene 6, beat 4, 1:1", 5.9, ROW), // 3:35.5, en: 80 % of the width, 29 % of the height
    ("residual, scene 7, beat 1, 1:1", 4.8, ROW), // 3:49.9, en: 85 % of the width, 30 % of the height
    ("residual, scene 7, beat 1, 9:16", 20.1, ROW), // 3:49.9, en: 85 % of the width, 15 % of the height
    ("residual, scene 7, beat 2, 1:1", 4.8, ROW), // 3:53.7, en: 85 % of the width, 30 % of the height
    ("residual, scene 7, beat 2, 9:16", 20.1, ROW), // 3:53.7, en: 85 % of the width, 15 % of the height
    ("residual, scene 7, beat 3, 9:16", 22.8, ROW), // 4:02.9, en: 86 % of the width, 12 % of the height
    ("residual, scene 7, beat 4, 9:16", 22.8, ROW), // 4:07.2, en: 86 % of the width, 12 % of the height
    ("residual, scene 7, beat 5, 1:1", 8.2, ROW), // 4:18.5, en: 85 % of the width, 27 % of the height
    ("residual, scene 7, beat 5, 9:16", 21.8, ROW), // 4:18.5, en: 85 % of the width, 13 % of the height
    ("residual, scene 7, beat 6, 1:1", 8.2, ROW), // 4:22.9, en: 85 % of the width, 27 % of the height
    ("residual, scene 7, beat 6, 9:16", 21.8, ROW), // 4:22.9, en: 85 % of the width, 13 % of the height
    ("residual, scene 7, beat 7, 1:1", 6.3, ROW), // 4:35.0, en: 68 % of the width, 29 % of the height
    ("residual, scene 7, beat 7, 9:16", 22.8, ROW), // 4:35.0, en: 68 % of the width, 12 % of the height
    ("residual, scene 8, beat 1, 1:1", 15.1, ROW), // 4:46.5, en: 82 % of the width, 20 % of the height
    ("residual, scene 8, beat 2, 1:1", 15.1, ROW), // 5:04.5, en: 82 % of the width, 20 % of the height
    ("residual, scene 8, beat 3, 1:1", 15.1, ROW), // 5:06.7, en: 82 % of the width, 20 % of the height
    ("stride, scene 2, beat 2, 16:9", 3.2, UPRIGHT), // 1:19.3, en: 32 % of the width, 71 % of the height
    ("stride, scene 4, beat 1, 9:16", 11.5, ROW), // 2:40.2, en: 85 % of the width, 24 % of the height
    ("stride, scene 4, beat 2, 9:16", 11.5, ROW), // 2:45.5, en: 85 % of the width, 24 % of the height
    ("stride, scene 4, beat 3, 9:16", 11.5, ROW), // 2:58.9, en: 85 % of the width, 24 % of the height
    ("stride, scene 4, beat 4, 9:16", 11.5, ROW), // 3:09.4, en: 85 % of the width, 24 % of the height
    ("stride, scene 5, beat 1, 9:16", 7.8, ROW), // 3:22.6, en: 85 % of the width, 27 % of the height
    ("stride, scene 5, beat 2, 9:16", 10.6, ROW), // 3:31.9, en: 85 % of the width, 24 % of the height
    ("super-resolution, scene 1, beat 1, 16:9", 7.1, UPRIGHT), // 0:08.9, en: 28 % of the width, 71 % of the height
    ("super-resolution, scene 1, beat 2, 16:9", 4.9, UPRIGHT), // 0:20.9, en: 30 % of the width, 71 % of the height
    ("super-resolution, scene 2, beat 1, 1:1", 12.3, ROW), // 0:43.4, en: 78 % of the width, 23 % of the height
    ("super-resolution, scene 2, beat 1, 9:16", 23.8, ROW), // 0:43.4, en: 78 % of the width, 11 % of the height
    ("super-resolution, scene 2, beat 2, 1:1", 1.8, ROW), // 0:51.9, ja: 78 % of the width, 33 % of the height
    ("super-resolution, scene 2, beat 2, 9:16", 21.7, ROW), // 0:51.9, ja: 78 % of the width, 13 % of the height
    ("super-resolution, scene 2, beat 3, 16:9", 4.4, UPRIGHT), // 0:57.7, en: 31 % of the width, 68 % of the height
    ("super-resolution, scene 2, beat 4, 9:16", 0.2, ROW), // 1:12.7, en: 79 % of the width, 35 % of the height
    ("super-resolution, scene 3, beat 1, 1:1", 2.2, ROW), // 1:26.1, en: 85 % of the width, 33 % of the height
    ("super-resolution, scene 3, beat 1, 9:16", 18.8, ROW), // 1:26.1, en: 85 % of the width, 16 % of the height
    ("super-resolution, scene 3, beat 2, 1:1", 2.2, ROW), // 1:31.4, en: 85 % of the width, 33 % of the height
    ("super-resolution, scene 3, beat 2, 9:16", 18.8, ROW), // 1:31.4, en: 85 % of the width, 16 % of the height
    ("super-resolution, scene 3, beat 3, 1:1", 2.2, ROW), // 1:38.5, en: 85 % of the width, 33 % of the height
    ("super-resolution, scene 3, beat 3, 9:16", 18.8, ROW), // 1:38.5, en: 85 % of the width, 16 % of the height
    ("super-resolution, scene 4, beat 1, 1:1", 4.7, ROW), // 1:53.2, en: 85 % of the width, 30 % of the height
    ("super-resolution, scene 4, beat 1, 9:16", 2.6, ROW), // 1:53.2, en: 86 % of the width, 32 % of the height
    ("super-resolution, scene 4, beat 2, 1:1", 4.7, ROW), // 1:57.6, en: 85 % of the width, 30 % of the height
    ("super-resolution, scene 4, beat 2, 9:16", 2.6, ROW), // 1:57.6, en: 86 % of the width, 32 % of the height
    ("super-resolution, scene 4, beat 3, 9:16", 22.6, ROW), // 2:05.3, en: 86 % of the width, 12 % of the height
    ("super-resolution, scene 4, beat 4, 9:16", 22.6, ROW), // 2:09.6, en: 86 % of the width, 12 % of the height
    ("super-resolution, scene 4, beat 5, 16:9", 9.3, ROW), // 2:19.2, en: 79 % of the width, 26 % of the height
    ("super-resolution, scene 4, beat 5, 9:16", 6.0, ROW), // 2:19.2, en: 77 % of the width, 29 % of the height
    ("super-resolution, scene 5, beat 1, 16:9", 12.6, ROW), // 2:27.4, en: 79 % of the width, 22 % of the height
    ("super-resolution, scene 5, beat 2, 16:9", 6.3, ROW), // 2:30.7, en: 79 % of the width, 29 % of the height
    ("super-resolution, scene 5, beat 2, 1:1", 8.7, UPRIGHT), // 2:30.7, en: 26 % of the width, 63 % of the height
    ("super-resolution, scene 5, beat 3, 16:9", 6.3, ROW), // 2:40.5, en: 79 % of the width, 29 % of the height
    ("super-resolution, scene 5, beat 3, 1:1", 8.7, UPRIGHT), // 2:40.5, en: 26 % of the width, 63 % of the height
    ("super-resolution, scene 6, beat 1, 1:1", 3.4, ROW), // 2:51.1, en: 85 % of the width, 32 % of the height
    ("super-resolution, scene 6, beat 1, 9:16", 19.4, ROW), // 2:51.1, en: 85 % of the width, 16 % of the height
    ("super-resolution, scene 6, beat 2, 9:16", 17.5, ROW), // 2:55.4, en: 85 % of the width, 18 % of the height
    ("super-resolution, scene 6, beat 3, 1:1", 3.4, ROW), // 3:08.7, en: 85 % of the width, 32 % of the height
    ("super-resolution, scene 6, beat 3, 9:16", 19.4, ROW), // 3:08.7, en: 85 % of the width, 16 % of the height
    ("super-resolution, scene 6, beat 4, 16:9", 11.2, UPRIGHT), // 3:18.9, en: 24 % of the width, 71 % of the height
    ("super-resolution, scene 6, beat 4, 9:16", 17.9, TO_MEND), // 3:18.9, en: 42 % of the width, 35 % of the height
    ("super-resolution, scene 7, beat 1, 9:16", 5.2, ROW), // 3:30.0, en: 84 % of the width, 30 % of the height
    ("super-resolution, scene 8, beat 1, 16:9", 4.3, ROW), // 3:38.0, en: 82 % of the width, 31 % of the height
    ("super-resolution, scene 8, beat 2, 16:9", 4.3, ROW), // 3:50.2, en: 82 % of the width, 31 % of the height
    ("super-resolution, scene 8, beat 3, 16:9", 14.9, ROW), // 3:57.7, en: 82 % of the width, 20 % of the height
    ("super-resolution, scene 8, beat 4, 16:9", 5.6, ROW), // 4:03.7, en: 82 % of the width, 29 % of the height
    ("super-resolution, scene 8, beat 5, 16:9", 14.9, ROW), // 4:25.6, en: 82 % of the width, 20 % of the height
    ("super-resolution, scene 8, beat 6, 16:9", 4.3, ROW), // 4:42.4, en: 82 % of the width, 31 % of the height
    ("super-resolution, scene 8, beat 7, 16:9", 14.9, ROW), // 4:53.3, en: 82 % of the width, 20 % of the height
    ("super-resolution, scene 8, beat 8, 16:9", 14.9, ROW), // 5:03.4, en: 82 % of the width, 20 % of the height
    ("super-resolution, scene 9, beat 1, 16:9", 14.9, ROW), // 5:17.5, en: 82 % of the width, 20 % of the height
    ("super-resolution, scene 9, beat 2, 16:9", 14.9, ROW), // 5:29.6, en: 82 % of the width, 20 % of the height
    ("super-resolution, scene 9, beat 3, 16:9", 14.9, ROW), // 5:36.7, en: 82 % of the width, 20 % of the height
    ("super-resolution, scene 9, beat 4, 16:9", 14.9, ROW), // 5:38.9, en: 82 % of the width, 20 % of the height
    ("trained-super-resolution, scene 2, beat 1, 9:16", 15.8, ROW), // 1:31.0, en: 91 % of the width, 19 % of the height
    ("trained-super-resolution, scene 2, beat 2, 9:16", 13.5, ROW), // 1:34.8, en: 91 % of the width, 22 % of the height
    ("trained-super-resolution, scene 2, beat 3, 9:16", 15.8, ROW), // 1:48.8, en: 91 % of the width, 19 % of the height
    ("trained-super-resolution, scene 3, beat 1, 9:16", 15.8, ROW), // 1:58.0, en: 91 % of the width, 19 % of the height
    ("trained-super-resolution, scene 3, beat 2, 9:16", 15.8, ROW), // 2:13.8, en: 91 % of the width, 19 % of the height
    ("trained-super-resolution, scene 4, beat 2, 16:9", 8.4, UPRIGHT), // 2:29.1, en: 27 % of the width, 81 % of the height
    ("transposed, scene 1, beat 9, 16:9", 7.4, UPRIGHT), // 1:03.3, en: 28 % of the width, 71 % of the height
    ("transposed, scene 2, beat 1, 9:16", 11.8, ROW), // 1:30.1, en: 72 % of the width, 23 % of the height
    ("transposed, scene 2, beat 2, 9:16", 11.8, ROW), // 1:44.3, ja: 60 % of the width, 23 % of the height
    ("transposed, scene 5, beat 1, 9:16", 11.8, ROW), // 2:44.6, en: 72 % of the width, 23 % of the height
    ("transposed, scene 5, beat 2, 9:16", 11.8, ROW), // 2:49.6, en: 60 % of the width, 23 % of the height
    ("transposed, scene 5, beat 4, 16:9", 7.9, UPRIGHT), // 3:13.2, en: 27 % of the width, 71 % of the height
    ("transposed, scene 6, beat 3, 16:9", 7.9, UPRIGHT), // 3:34.6, en: 27 % of the width, 71 % of the height
    ("transposed, scene 8, beat 1, 16:9", 11.8, UPRIGHT), // 4:04.3, en: 23 % of the width, 69 % of the height
    ("transposed, scene 8, beat 2, 16:9", 11.8, UPRIGHT), // 4:05.0, en: 23 % of the width, 69 % of the height
];

/// How far names reach into what they lie on, in 1080ths of the picture.
#[rustfmt::skip]
pub const OVERLAPS: Exceptions = &[
    ("attention, scene 1, 9:16, 1 filter 3 × 1 × 3 on tensor 0", 33.2, TO_MEND), // 0:04.0, en
    ("attention, scene 1, 9:16, フィルタ 1 個 3 × 1 × 3 on tensor 0", 37.2, TO_MEND), // 0:04.4, ja
    ("attention, scene 2, 1:1, 混ぜた値 4 × 1 × 1 on tensor 1", 26.9, TO_MEND), // 0:48.7, ja
    ("attention, scene 2, 9:16, C 4 on the caption", 9.2, TO_MEND), // 0:50.1, en
    ("attention, scene 2, 9:16, H 1 on the caption", 22.4, TO_MEND), // 0:50.1, en
    ("backpropagation, scene 1, 1:1, Output gradient 1 × 3 × 3 on tensor 1", 28.7, TO_MEND), // 0:26.9, en
    ("backpropagation, scene 1, 1:1, 出力の勾配 1 × 3 × 3 on tensor 1", 37.5, TO_MEND), // 0:26.4, ja
    ("backpropagation, scene 10, 1:1, C 1 on the caption", 17.3, TO_MEND), // 5:15.4, en
    ("backpropagation, scene 10, 1:1, Input 1 × 4 × 4 on tensor 1", 57.9, TO_MEND), // 5:15.4, en
    ("backpropagation, scene 10, 1:1, W 4 on the caption", 19.3, TO_MEND), // 5:15.4, en
    ("backpropagation, scene 10, 1:1, 入力 1 × 4 × 4 on tensor 1", 57.9, TO_MEND), // 5:25.2, ja
    ("backpropagation, scene 2, 9:16, Met 1 × 3 × 3 on tensor 0", 9.3, TO_MEND), // 1:22.3, en
    ("backpropagation, scene 2, 9:16, 相手 1 × 3 × 3 on tensor 0", 9.3, TO_MEND), // 1:22.4, ja
    ("conv3d, scene 3, 9:16, Output 1 × 3 × 3 × 3 on tensor 3", 27.9, TO_MEND), // 1:30.7, en
    ("conv3d, scene 3, 9:16, 出力 1 × 3 × 3 × 3 on tensor 3", 27.9, TO_MEND), // 1:38.0, ja
    ("conv3d, scene 4, 9:16, 1 filter 4 × 1 × 2 on tensor 0", 6.4, TO_MEND), // 2:13.0, en
    ("conv3d, scene 4, 9:16, フィルタ 1 個 4 × 1 × 2 on tensor 0", 17.0, TO_MEND), // 2:25.0, ja
    ("depthwise, scene 5, 1:1, Output  4 × 3 × 3 on a filter of layer 0", 7.0, TO_MEND), // 2:16.6, en
    ("depthwise, scene 5, 9:16, 4 filters  4 × 3 × 3 on tensor 0", 6.4, TO_MEND), // 2:34.3, en
    ("depthwise, scene 5, 9:16, フィルタ 4 個  4 × 3 × 3 on tensor 0", 6.4, TO_MEND), // 2:49.0, ja
    ("depthwise-separable, scene 1, 1:1, Input  3 × 5 × 5 on a filter of layer 0", 18.0, TO_MEND), // 0:18.7, en
    ("depthwise-separable, scene 3, 1:1, Output 8 × 3 × 3 on tensor 1", 10.2, TO_MEND), // 1:26.4, en
    ("depthwise-separable, scene 3, 1:1, 出力 8 × 3 × 3 on tensor 1", 10.2, TO_MEND), // 1:38.0, ja
    ("depthwise-separable, scene 5, 1:1, Output 8 × 3 × 3 on tensor 1", 45.0, TO_MEND), // 2:54.4, en
    ("depthwise-separable, scene 5, 1:1, 出力 8 × 3 × 3 on tensor 1", 45.0, TO_MEND), // 3:14.6, ja
    ("depthwise-separable, scene 5, 9:16, フィルタ 8 個  3 × 1 × 1 on a filter of layer 0", 17.1, TO_MEND), // 2:44.5, ja
    ("depthwise-separable, scene 7, 1:1, Output 8 × 3 × 3 on tensor 1", 45.0, TO_MEND), // 4:04.7, en
    ("depthwise-separable, scene 7, 1:1, 出力 8 × 3 × 3 on tensor 1", 45.0, TO_MEND), // 4:33.5, ja
    ("digit-network, scene 1, 16:9, C 1 on the caption", 15.3, TO_MEND), // 0:27.9, en
    ("digit-network, scene 1, 16:9, H 28 on tensor 0", 22.5, TO_MEND), // 0:27.9, en
    ("digit-network, scene 1, 16:9, W 28 on the caption", 9.3, TO_MEND), // 0:27.9, en
    ("digit-network, scene 1, 1:1, C 1 on the caption", 15.3, TO_MEND), // 0:27.9, en
    ("digit-network, scene 1, 1:1, H 28 on tensor 0", 22.5, TO_MEND), // 0:27.9, en
    ("digit-network, scene 1, 1:1, W 28 on the caption", 9.3, TO_MEND), // 0:27.9, en
    ("digit-network, scene 1, 9:16, H 28 on tensor 0", 22.5, TO_MEND), // 0:34.6, en
    ("digit-network, scene 3, 16:9, フィルタ 4 個  1 × 3 × 3 on tensor 3", 11.4, TO_MEND), // 1:31.0, ja
    ("digit-network, scene 3, 1:1, H 8 on a filter of layer 2", 17.4, TO_MEND), // 1:22.3, en
    ("digit-network, scene 3, 9:16, H 8 on a filter of layer 2", 17.2, TO_MEND), // 1:22.3, en
    ("digit-network, scene 4, 16:9, H 14 on tensor 3", 22.5, TO_MEND), // 1:58.6, en
    ("digit-network, scene 4, 16:9, H 28 on tensor 2", 22.5, TO_MEND), // 1:47.1, en
    ("digit-network, scene 4, 1:1, H 14 on tensor 3", 22.5, TO_MEND), // 1:58.6, en
    ("digit-network, scene 4, 1:1, H 28 on tensor 2", 22.5, TO_MEND), // 1:47.1, en
    ("digit-network, scene 4, 9:16, H 14 on tensor 3", 22.5, TO_MEND), // 1:58.6, en
    ("dilation, scene 1, 9:16, Output 1 × 5 × 5 on tensor 0", 17.4, TO_MEND), // 0:05.0, en
    ("dilation, scene 1, 9:16, 出力 1 × 5 × 5 on tensor 0", 17.4, TO_MEND), // 0:05.8, ja
    ("dilation, scene 3, 16:9, C 1 on the caption", 9.3, TO_MEND), // 1:50.4, en
    ("dilation, scene 3, 1:1, C 1 on the caption", 7.3, TO_MEND), // 1:50.4, en
    ("dilation, scene 3, 9:16, Output 1 × 3 × 3 on tensor 0", 36.1, TO_MEND), // 1:45.6, en
    ("dilation, scene 3, 9:16, 出力 1 × 3 × 3 on tensor 0", 36.1, TO_MEND), // 1:49.0, ja
    ("dilation, scene 4, 9:16, Output 1 × 3 × 3 on tensor 0", 36.7, TO_MEND), // 2:02.1, en
    ("dilation, scene 4, 9:16, 出力 1 × 3 × 3 on tensor 0", 36.7, TO_MEND), // 2:07.8, ja
    ("dilation, scene 7, 1:1, H 7 on a filter of layer 0", 6.5, TO_MEND), // 3:48.7, en
    ("dilation, scene 8, 9:16, Output 1 × 3 × 3 on tensor 0", 25.0, TO_MEND), // 4:28.9, en
    ("dilation, scene 8, 9:16, 出力 1 × 3 × 3 on tensor 0", 25.0, TO_MEND), // 4:57.8, ja
    ("filters, scene 6, 16:9, H 46 on tensor 0", 19.4, TO_MEND), // 3:49.0, en
    ("filters, scene 6, 1:1, H 46 on tensor 0", 22.5, TO_MEND), // 3:37.3, en
    ("filters, scene 7, 1:1, H 44 on tensor 0", 18.0, TO_MEND), // 4:02.4, en
    ("groups, scene 1, 1:1, Output  4 × 3 × 3 on a filter of layer 0", 7.0, TO_MEND), // 0:08.3, en
    ("groups, scene 1, 9:16, 4 filters  4 × 3 × 3 on tensor 0", 6.4, TO_MEND), // 0:40.4, en
    ("groups, scene 1, 9:16, フィルタ 4 個  4 × 3 × 3 on tensor 0", 6.4, TO_MEND), // 0:48.5, ja
    ("groups, scene 2, 9:16, フィルタ 4 個  2 × 3 × 3 on tensor 0", 7.4, TO_MEND), // 1:14.5, ja
    ("groups, scene 3, 9:16, 4 filters  2 × 3 × 3 on tensor 0", 30.9, TO_MEND), // 1:49.3, en
    ("groups, scene 3, 9:16, フィルタ 4 個  2 × 3 × 3 on tensor 0", 30.9, TO_MEND), // 2:03.6, ja
    ("groups, scene 4, 9:16, フィルタ 4 個  2 × 3 × 3 on tensor 0", 7.3, TO_MEND), // 2:46.6, ja
    ("groups, scene 6, 1:1, Input  8 × 5 × 5 on a filter of layer 0", 7.9, TO_MEND), // 3:22.1, en
    ("groups, scene 7, 9:16, フィルタ 4 個  2 × 3 × 3 on tensor 0", 6.5, TO_MEND), // 4:18.9, ja
    ("kernel-size, scene 1, 9:16, Output 1 × 6 × 6 on tensor 0", 14.5, TO_MEND), // 0:04.4, en
    ("kernel-size, scene 1, 9:16, 出力 1 × 6 × 6 on tensor 0", 14.5, TO_MEND), // 0:05.1, ja
    ("kernel-size, scene 3, 16:9, C 1 on the caption", 9.3, TO_MEND), // 1:10.7, en
    ("kernel-size, scene 3, 9:16, Output 1 × 6 × 6 on tensor 0", 23.6, TO_MEND), // 1:10.7, en
    ("kernel-size, scene 3, 9:16, 出力 1 × 6 × 6 on tensor 0", 23.6, TO_MEND), // 1:12.9, ja
    ("kernel-size, scene 5, 1:1, H 6 on a filter of layer 0", 6.2, TO_MEND), // 2:34.8, en
    ("kernel-size, scene 6, 9:16, 1 filter 1 × 3 × 3 on tensor 0", 33.2, TO_MEND), // 4:43.7, en
    ("kernel-size, scene 6, 9:16, フィルタ 1 個 1 × 3 × 3 on tensor 0", 33.2, TO_MEND), // 5:06.8, ja
    ("kernel-size, scene 7, 9:16, Output 1 × 6 × 6 on tensor 0", 6.3, TO_MEND), // 5:19.3, en
    ("kernel-size, scene 7, 9:16, 出力 1 × 6 × 6 on tensor 0", 6.3, TO_MEND), // 5:48.2, ja
    ("macs-and-time, scene 1, 16:9, Convolution on the card", 33.6, TO_MEND), // 0:17.6, en
    ("macs-and-time, scene 1, 16:9, 出力  9 on a filter of layer 2", 15.8, TO_MEND), // 0:20.0, ja
    ("macs-and-time, scene 1, 16:9, 畳み込み on the card", 33.6, TO_MEND), // 0:20.0, ja
    ("macs-and-time, scene 1, 1:1, Convolution on the card", 20.8, TO_MEND), // 0:17.6, en
    ("macs-and-time, scene 1, 1:1, 出力  9 on a filter of layer 2", 15.8, TO_MEND), // 0:20.0, ja
    ("macs-and-time, scene 1, 1:1, 畳み込み on the card", 20.8, TO_MEND), // 0:20.0, ja
    ("macs-and-time, scene 4, 16:9, W 5 on the caption", 13.3, TO_MEND), // 2:23.4, en
    ("macs-and-time, scene 4, 1:1, W 5 on the caption", 13.3, TO_MEND), // 2:23.4, en
    ("output-size, scene 1, 1:1, H 6 on a filter of layer 1", 8.8, TO_MEND), // 0:15.2, en
    ("output-size, scene 1, 1:1, フィルタ 1 個 1 × 3 × 3 on tensor 2", 17.4, TO_MEND), // 0:16.3, ja
    ("output-size, scene 4, 1:1, H 8 on a filter of layer 1", 16.4, TO_MEND), // 2:04.7, en
    ("output-size, scene 4, 1:1, Output 1 × 8 × 8 on the card", 16.0, TO_MEND), // 2:21.3, en
    ("output-size, scene 4, 1:1, フィルタ 1 個 1 × 3 × 3 on tensor 2", 29.3, TO_MEND), // 2:19.8, ja
    ("output-size, scene 5, 1:1, H 7 on a filter of layer 1", 22.5, TO_MEND), // 2:24.3, en
    ("output-size, scene 5, 1:1, H 7 on tensor 2", 22.5, TO_MEND), // 2:35.5, en
    ("output-size, scene 6, 1:1, H 7 on a filter of layer 1", 15.8, TO_MEND), // 3:26.6, en
    ("output-size, scene 6, 1:1, フィルタ 1 個 1 × 3 × 3 on tensor 2", 26.6, TO_MEND), // 3:47.4, ja
    ("output-size, scene 7, 1:1, H 4 on a filter of layer 0", 10.3, TO_MEND), // 3:44.8, en
    ("output-size, scene 7, 1:1, H 8 on a filter of layer 1", 22.5, TO_MEND), // 3:44.8, en
    ("output-size, scene 7, 1:1, H 8 on tensor 2", 22.5, TO_MEND), // 3:44.8, en
    ("output-size, scene 8, 1:1, H 7 on tensor 2", 22.5, TO_MEND), // 4:16.1, en
    ("padding, scene 1, 9:16, Output 1 × 3 × 3 on tensor 0", 19.3, TO_MEND), // 0:39.8, en
    ("padding, scene 1, 9:16, 出力 1 × 3 × 3 on tensor 0", 19.3, TO_MEND), // 0:44.1, ja
    ("padding, scene 2, 9:16, Output 1 × 3 × 3 on tensor 0", 16.7, TO_MEND), // 0:49.2, en
    ("padding, scene 2, 9:16, 出力 1 × 3 × 3 on tensor 0", 16.7, TO_MEND), // 0:53.5, ja
    ("padding, scene 3, 16:9, C 1 on the caption", 7.3, TO_MEND), // 1:23.5, en
    ("padding, scene 3, 9:16, Output 1 × 5 × 5 on the padding of layer 0", 30.3, TO_MEND), // 1:23.5, en
    ("padding, scene 3, 9:16, 出力 1 × 5 × 5 on the padding of layer 0", 30.3, TO_MEND), // 1:29.3, ja
    ("padding, scene 5, 1:1, C 1 on the caption", 22.5, TO_MEND), // 3:59.9, ja
    ("padding, scene 5, 1:1, W 5 on the caption", 22.5, TO_MEND), // 3:59.9, ja
    ("padding, scene 5, 9:16, Output 1 × 7 × 7 on the padding of layer 0", 26.2, TO_MEND), // 3:46.3, en
    ("padding, scene 5, 9:16, 出力 1 × 7 × 7 on the padding of layer 0", 26.2, TO_MEND), // 3:59.9, ja
    ("padding, scene 6, 9:16, Output 1 × 5 × 5 on the padding of layer 0", 30.3, TO_MEND), // 3:57.7, en
    ("padding, scene 6, 9:16, 出力 1 × 5 × 5 on the padding of layer 0", 30.3, TO_MEND), // 4:11.9, ja
    ("padding, scene 7, 16:9, C 1 on the caption", 7.3, TO_MEND), // 4:31.7, ja
    ("padding, scene 7, 9:16, Output 1 × 5 × 5 on the padding of layer 0", 30.3, TO_MEND), // 4:15.9, en
    ("padding, scene 7, 9:16, 出力 1 × 5 × 5 on the padding of layer 0", 30.3, TO_MEND), // 4:31.7, ja
    ("padding, scene 8, 16:9, C 1 on the caption", 7.3, TO_MEND), // 4:30.3, en
    ("padding, scene 8, 9:16, Output 1 × 5 × 5 on the padding of layer 0", 30.3, TO_MEND), // 4:30.3, en
    ("padding, scene 8, 9:16, 出力 1 × 5 × 5 on the padding of layer 0", 30.3, TO_MEND), // 4:48.0, ja
    ("padding, scene 9, 9:16, Output 1 × 5 × 5 on the padding of layer 0", 17.4, TO_MEND), // 5:03.6, en
    ("padding, scene 9, 9:16, 出力 1 × 5 × 5 on the padding of layer 0", 17.4, TO_MEND), // 5:25.0, ja
    ("pixel-shuffle, scene 4, 1:1, Input  1 × 2 × 2 on a filter of layer 0", 10.7, TO_MEND), // 1:54.5, en
    ("pixel-shuffle, scene 5, 16:9, Transposed on the card", 8.8, TO_MEND), // 2:27.8, en
    ("pixel-shuffle, scene 5, 16:9, 転置畳み込み on the card", 8.8, TO_MEND), // 2:39.3, ja
    ("pixel-shuffle, scene 5, 9:16, Convolve, shuffle on a filter of layer 1", 9.7, TO_MEND), // 2:27.8, en
    ("pixel-shuffle, scene 5, 9:16, 畳み込み+シャッフル on a filter of layer 1", 9.7, TO_MEND), // 2:39.3, ja
    ("pixel-shuffle, scene 7, 9:16, H 8 on a filter of layer 1", 22.5, TO_MEND), // 3:39.3, en
    ("pixel-shuffle, scene 7, 9:16, H 8 on tensor 0", 18.3, TO_MEND), // 3:39.3, en
    ("pooling, scene 1, 16:9, C 2 on the caption", 19.3, TO_MEND), // 0:29.0, en
    ("pooling, scene 1, 16:9, W 6 on the caption", 22.5, TO_MEND), // 0:29.0, en
    ("pooling, scene 1, 1:1, C 2 on the caption", 19.3, TO_MEND), // 0:29.0, en
    ("pooling, scene 1, 1:1, W 6 on the caption", 22.5, TO_MEND), // 0:29.0, en
    ("pooling, scene 2, 16:9, C 2 on the caption", 19.3, TO_MEND), // 1:26.1, en
    ("pooling, scene 2, 16:9, W 6 on the caption", 22.5, TO_MEND), // 1:26.1, en
    ("pooling, scene 2, 1:1, C 2 on the caption", 19.3, TO_MEND), // 1:26.1, en
    ("pooling, scene 2, 1:1, W 6 on the caption", 22.5, TO_MEND), // 1:26.1, en
    ("pooling, scene 3, 9:16, Output  3 × 2 × 2 on tensor 0", 30.9, TO_MEND), // 2:05.3, en
    ("pooling, scene 3, 9:16, W 4 on tensor 1", 22.4, TO_MEND), // 2:05.3, en
    ("pooling, scene 3, 9:16, 出力  3 × 2 × 2 on tensor 0", 30.9, TO_MEND), // 2:22.2, ja
    ("pooling, scene 4, 16:9, Convolution on tensor 0", 11.3, TO_MEND), // 2:57.8, en
    ("pooling, scene 4, 16:9, Pooling on the card", 33.6, TO_MEND), // 2:57.8, en
    ("pooling, scene 4, 16:9, プーリング on the card", 33.6, TO_MEND), // 3:17.4, ja
    ("pooling, scene 4, 1:1, Convolution on tensor 0", 11.3, TO_MEND), // 2:57.8, en
    ("pooling, scene 4, 1:1, Pooling on the card", 22.8, TO_MEND), // 2:57.8, en
    ("pooling, scene 4, 1:1, プーリング on the card", 22.8, TO_MEND), // 3:17.4, ja
    ("pooling, scene 5, 16:9, W 4 on the caption", 22.5, TO_MEND), // 3:37.1, en
    ("pooling, scene 5, 1:1, W 4 on the caption", 22.5, TO_MEND), // 3:37.1, en
    ("quantisation, scene 1, 16:9, C 1 on the caption", 19.3, TO_MEND), // 0:16.0, en
    ("quantisation, scene 1, 16:9, H 36 on tensor 1", 22.5, TO_MEND), // 0:05.5, en
    ("quantisation, scene 1, 1:1, H 36 on tensor 1", 22.5, TO_MEND), // 0:05.5, en
    ("quantisation, scene 1, 9:16, H 36 on tensor 1", 22.5, TO_MEND), // 0:05.5, en
    ("quantisation, scene 9, 1:1, Scaled back 1 × 3 × 3 on tensor 2", 68.0, TO_MEND), // 5:04.9, en
    ("quantisation, scene 9, 1:1, 元のスケール 1 × 3 × 3 on tensor 2", 69.8, TO_MEND), // 5:14.4, ja
    ("residual, scene 5, 1:1, Output  4 × 2 × 2 on a filter of layer 0", 7.0, TO_MEND), // 2:37.1, en
    ("stride, scene 1, 9:16, Output 1 × 5 × 5 on tensor 0", 26.4, TO_MEND), // 0:28.6, en
    ("stride, scene 1, 9:16, 出力 1 × 5 × 5 on tensor 0", 26.4, TO_MEND), // 0:29.7, ja
    ("stride, scene 2, 9:16, Output 1 × 3 × 3 on tensor 0", 15.7, TO_MEND), // 1:49.8, en
    ("stride, scene 2, 9:16, 出力 1 × 3 × 3 on tensor 0", 15.7, TO_MEND), // 2:00.0, ja
    ("stride, scene 3, 9:16, Output 1 × 3 × 3 on tensor 0", 11.8, TO_MEND), // 2:11.7, en
    ("stride, scene 3, 9:16, 出力 1 × 3 × 3 on tensor 0", 11.8, TO_MEND), // 2:26.0, ja
    ("super-resolution, scene 2, 16:9, H 10 on a filter of layer 1", 22.5, TO_MEND), // 0:54.3, en
    ("super-resolution, scene 2, 1:1, H 10 on a filter of layer 1", 22.5, TO_MEND), // 0:54.3, en
    ("super-resolution, scene 2, 1:1, H 5 on a filter of layer 2", 8.8, TO_MEND), // 0:45.9, en
    ("super-resolution, scene 2, 9:16, H 10 on a filter of layer 1", 22.5, TO_MEND), // 0:54.3, en
    ("super-resolution, scene 2, 9:16, H 5 on a filter of layer 2", 8.8, TO_MEND), // 0:38.3, en
    ("super-resolution, scene 4, 16:9, H 5 on tensor 2", 6.1, TO_MEND), // 2:14.5, en
    ("super-resolution, scene 4, 9:16, H 5 on a filter of layer 3", 6.7, TO_MEND), // 2:01.5, en
    ("super-resolution, scene 4, 9:16, H 5 on tensor 2", 6.4, TO_MEND), // 2:01.5, en
    ("super-resolution, scene 8, 16:9, Feature maps 4 × 5 × 5 on tensor 7", 14.5, TO_MEND), // 3:34.6, en
    ("super-resolution, scene 8, 16:9, H 10 on tensor 6", 22.5, TO_MEND), // 3:34.6, en
    ("super-resolution, scene 8, 1:1, Feature maps 4 × 5 × 5 on tensor 7", 17.4, TO_MEND), // 3:34.6, en
    ("super-resolution, scene 8, 1:1, H 10 on tensor 6", 22.5, TO_MEND), // 3:34.6, en
    ("super-resolution, scene 8, 1:1, W 10 on the caption", 22.5, TO_MEND), // 4:34.0, en
    ("super-resolution, scene 8, 1:1, 特徴マップ 4 × 5 × 5 on tensor 7", 7.4, TO_MEND), // 3:50.0, ja
    ("super-resolution, scene 8, 9:16, H 10 on tensor 6", 22.4, TO_MEND), // 3:34.6, en
    ("super-resolution, scene 9, 1:1, 4 filters 4 × 1 × 1 on a filter of layer 1", 14.2, TO_MEND), // 5:11.0, en
    ("super-resolution, scene 9, 1:1, フィルタ 4 個 4 × 1 × 1 on a filter of layer 1", 14.2, TO_MEND), // 5:42.0, ja
    ("trained-super-resolution, scene 2, 16:9, H 36 on tensor 16", 22.5, TO_MEND), // 1:23.1, en
    ("trained-super-resolution, scene 2, 16:9, H 36 on tensor 17", 22.5, TO_MEND), // 1:23.1, en
    ("trained-super-resolution, scene 2, 1:1, H 36 on tensor 16", 22.5, TO_MEND), // 1:23.1, en
    ("trained-super-resolution, scene 2, 1:1, H 36 on tensor 17", 22.5, TO_MEND), // 1:23.1, en
    ("trained-super-resolution, scene 2, 9:16, H 36 on tensor 16", 22.5, TO_MEND), // 1:23.1, en
    ("trained-super-resolution, scene 2, 9:16, H 36 on tensor 17", 22.5, TO_MEND), // 1:23.1, en
    ("trained-super-resolution, scene 3, 16:9, H 36 on tensor 19", 22.5, TO_MEND), // 1:54.0, en
    ("trained-super-resolution, scene 3, 16:9, H 36 on tensor 20", 22.5, TO_MEND), // 1:54.0, en
    ("trained-super-resolution, scene 3, 1:1, H 36 on tensor 19", 22.5, TO_MEND), // 1:54.0, en
    ("trained-super-resolution, scene 3, 1:1, H 36 on tensor 20", 22.5, TO_MEND), // 1:54.0, en
    ("trained-super-resolution, scene 3, 9:16, H 36 on tensor 19", 22.5, TO_MEND), // 1:54.0, en
    ("trained-super-resolution, scene 3, 9:16, H 36 on tensor 20", 22.5, TO_MEND), // 1:54.0, en
    ("trained-super-resolution, scene 6, 16:9, 3 × 96 × 128 on the caption", 15.8, TO_MEND), // 2:46.3, en
    ("trained-super-resolution, scene 6, 1:1, 3 × 96 × 128 on the caption", 15.8, TO_MEND), // 2:46.3, en
    ("transposed, scene 1, 16:9, W 5 on the caption", 17.3, TO_MEND), // 0:20.7, en
    ("transposed, scene 4, 16:9, C 1 on the caption", 22.5, TO_MEND), // 2:24.8, en
    ("transposed, scene 4, 16:9, W 2 on the caption", 19.3, TO_MEND), // 2:24.8, en
    ("transposed, scene 7, 1:1, H 8 on tensor 0", 6.5, TO_MEND), // 3:40.2, en
    ("transposed, scene 7, 1:1, Input  1 × 4 × 4 on tensor 1", 21.4, TO_MEND), // 3:40.2, en
    ("transposed, scene 7, 1:1, Input  1 × 4 × 4 on the padding of layer 1", 30.8, TO_MEND), // 3:40.2, en
    ("transposed, scene 7, 1:1, フィルタ 1 個 1 × 3 × 3 on tensor 2", 6.8, TO_MEND), // 4:07.4, ja
    ("transposed, scene 7, 1:1, 入力  1 × 4 × 4 on the padding of layer 1", 22.4, TO_MEND), // 4:07.4, ja
    ("transposed, scene 8, 9:16, H 8 on a filter of layer 0", 14.2, TO_MEND), // 3:57.3, en
    ("transposed, scene 8, 9:16, H 8 on a filter of layer 2", 13.4, TO_MEND), // 3:57.3, en
];
