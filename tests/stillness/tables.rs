//! Where a lesson stands still, or shows nothing, for longer than it should, and why: the rows that the
//! tests print, each with a reason.

use crate::exceptions::{Exceptions, TO_MEND};

/// Stretches in which nothing moves, in seconds.
#[rustfmt::skip]
pub const STILL: Exceptions = &[
    ("attention, scene 1, beat 1", 8.8, TO_MEND), // 0:00.0 to 0:08.8, ja
    ("attention, scene 10, beat 1", 8.7, TO_MEND), // 4:51.9 to 5:00.6, en
    ("attention, scene 4, beat 1", 10.4, TO_MEND), // 1:20.9 to 1:31.3, ja
    ("attention, scene 6, beat 1", 10.5, TO_MEND), // 2:28.0 to 2:38.5, ja
    ("attention, scene 6, beat 3", 9.4, TO_MEND), // 2:42.0 to 2:51.3, ja
    ("attention, scene 7, beat 1", 9.2, TO_MEND), // 2:59.5 to 3:08.6, en
    ("attention, scene 7, beat 3", 8.6, TO_MEND), // 3:20.9 to 3:29.5, ja
    ("attention, scene 9, beat 1", 11.3, TO_MEND), // 4:18.9 to 4:30.2, ja
    ("attention, scene 9, beat 5", 10.9, TO_MEND), // 4:50.3 to 5:01.2, ja
    ("backpropagation, scene 1, beat 7", 11.8, TO_MEND), // 0:31.6 to 0:43.4, ja
    ("backpropagation, scene 2, beat 1", 9.8, TO_MEND), // 0:44.3 to 0:54.1, en
    ("backpropagation, scene 2, beat 6", 10.5, TO_MEND), // 1:28.1 to 1:38.5, ja
    ("backpropagation, scene 3, beat 3", 12.3, TO_MEND), // 1:51.6 to 2:03.9, ja
    ("backpropagation, scene 3, beat 8", 10.4, TO_MEND), // 2:14.1 to 2:24.4, en
    ("backpropagation, scene 4, beat 1", 8.9, TO_MEND), // 2:25.7 to 2:34.5, en
    ("backpropagation, scene 5, beat 5", 11.0, TO_MEND), // 3:14.6 to 3:25.6, ja
    ("backpropagation, scene 6, beat 5", 9.1, TO_MEND), // 3:52.9 to 4:02.0, en
    ("backpropagation, scene 8, beat 1", 10.5, TO_MEND), // 4:35.1 to 4:45.6, ja
    ("conv-bn-relu, scene 1, beat 2", 10.8, TO_MEND), // 0:09.6 to 0:20.4, en
    ("conv-bn-relu, scene 2, beat 1", 10.2, TO_MEND), // 0:21.6 to 0:31.7, en
    ("conv-bn-relu, scene 2, beat 3", 8.8, TO_MEND), // 0:31.7 to 0:40.5, ja
    ("conv-bn-relu, scene 2, beat 6", 9.2, TO_MEND), // 0:51.9 to 1:01.1, ja
    ("conv-bn-relu, scene 3, beat 1", 9.6, TO_MEND), // 1:02.4 to 1:11.9, ja
    ("conv-bn-relu, scene 3, beat 4", 8.8, TO_MEND), // 1:27.2 to 1:36.0, ja
    ("conv-bn-relu, scene 4, beat 4", 10.6, TO_MEND), // 2:00.7 to 2:11.2, en
    ("conv-bn-relu, scene 5, beat 1", 10.4, TO_MEND), // 2:34.3 to 2:44.7, ja
    ("conv-bn-relu, scene 7, beat 1", 9.0, TO_MEND), // 3:44.0 to 3:53.0, en
    ("conv-bn-relu, scene 7, beat 2", 9.0, TO_MEND), // 3:55.7 to 4:04.7, ja
    ("conv-bn-relu, scene 7, beat 3", 8.6, TO_MEND), // 3:59.1 to 4:07.7, en
    ("conv-bn-relu, scene 7, beat 5", 10.9, TO_MEND), // 4:22.5 to 4:33.3, ja
    ("conv1d, scene 1, beat 1", 8.2, TO_MEND), // 0:00.0 to 0:08.2, ja
    ("conv1d, scene 1, beat 2", 9.5, TO_MEND), // 0:11.9 to 0:21.4, ja
    ("conv1d, scene 1, beat 5", 9.2, TO_MEND), // 0:43.2 to 0:52.4, ja
    ("conv1d, scene 3, beat 1", 11.2, TO_MEND), // 1:50.6 to 2:01.8, ja
    ("conv1d, scene 3, beat 3", 10.5, TO_MEND), // 2:08.2 to 2:18.7, ja
    ("conv1d, scene 4, beat 1", 10.0, TO_MEND), // 2:20.0 to 2:30.0, ja
    ("conv1d, scene 4, beat 10", 10.3, TO_MEND), // 2:59.2 to 3:09.4, en
    ("conv1d, scene 4, beat 2", 8.6, TO_MEND), // 2:33.1 to 2:41.7, ja
    ("conv3d, scene 1, beat 2", 13.6, TO_MEND), // 0:11.9 to 0:25.5, ja
    ("conv3d, scene 3, beat 1", 9.9, TO_MEND), // 1:18.9 to 1:28.7, ja
    ("conv3d, scene 3, beat 5", 13.5, TO_MEND), // 1:50.8 to 2:04.2, ja
    ("depthwise, scene 1, beat 1", 8.4, TO_MEND), // 0:00.0 to 0:08.4, ja
    ("depthwise, scene 1, beat 2", 10.4, TO_MEND), // 0:19.9 to 0:30.3, ja
    ("depthwise, scene 2, beat 1", 9.8, TO_MEND), // 0:32.2 to 0:41.9, ja
    ("depthwise, scene 2, beat 5", 8.7, TO_MEND), // 0:54.2 to 1:02.8, en
    ("depthwise, scene 3, beat 4", 9.4, TO_MEND), // 1:39.1 to 1:48.5, ja
    ("depthwise, scene 6, beat 3", 11.0, TO_MEND), // 3:20.4 to 3:31.4, en
    ("depthwise, scene 7, beat 1", 9.6, TO_MEND), // 3:54.9 to 4:04.5, ja
    ("depthwise, scene 7, beat 2", 9.7, TO_MEND), // 4:20.6 to 4:30.2, ja
    ("depthwise, scene 7, beat 3", 8.3, TO_MEND), // 4:40.6 to 4:48.8, ja
    ("depthwise-separable, scene 1, beat 6", 8.6, TO_MEND), // 0:34.7 to 0:43.2, ja
    ("depthwise-separable, scene 2, beat 4", 8.2, TO_MEND), // 1:08.7 to 1:16.8, ja
    ("depthwise-separable, scene 3, beat 1", 9.8, TO_MEND), // 1:21.0 to 1:30.8, ja
    ("depthwise-separable, scene 4, beat 3", 10.6, TO_MEND), // 2:16.6 to 2:27.2, ja
    ("depthwise-separable, scene 4, beat 4", 10.2, TO_MEND), // 2:28.5 to 2:38.6, ja
    ("depthwise-separable, scene 7, beat 6", 8.5, TO_MEND), // 5:29.6 to 5:38.0, ja
    ("digit-network, scene 1, beat 2", 8.7, TO_MEND), // 0:13.6 to 0:22.2, en
    ("digit-network, scene 2, beat 3", 10.5, TO_MEND), // 1:01.9 to 1:12.4, ja
    ("digit-network, scene 4, beat 4", 9.8, TO_MEND), // 2:13.7 to 2:23.5, ja
    ("digit-network, scene 6, beat 1", 11.9, TO_MEND), // 2:55.5 to 3:07.3, ja
    ("digit-network, scene 6, beat 3", 8.6, TO_MEND), // 3:11.4 to 3:19.9, ja
    ("digit-network, scene 6, beat 4", 9.8, TO_MEND), // 3:21.4 to 3:31.2, ja
    ("digit-network, scene 7, beat 1", 9.3, TO_MEND), // 3:32.4 to 3:41.7, ja
    ("digit-network, scene 7, beat 3", 17.4, TO_MEND), // 3:50.4 to 4:07.7, ja
    ("digit-network, scene 9, beat 1", 8.5, TO_MEND), // 4:49.2 to 4:57.6, ja
    ("groups, scene 4, beat 1", 11.3, TO_MEND), // 2:20.9 to 2:32.2, en
    ("groups, scene 7, beat 2", 8.5, TO_MEND), // 4:32.4 to 4:40.9, ja
    ("head, scene 2, beat 1", 9.8, TO_MEND), // 0:25.6 to 0:35.4, en
    ("head, scene 3, beat 3", 8.8, TO_MEND), // 1:21.8 to 1:30.5, ja
    ("head, scene 4, beat 1", 9.4, TO_MEND), // 1:43.6 to 1:53.0, ja
    ("head, scene 5, beat 7", 13.5, TO_MEND), // 3:18.4 to 3:31.9, ja
    ("head, scene 6, beat 3", 10.6, TO_MEND), // 3:40.5 to 3:51.1, en
    ("head, scene 7, beat 1", 9.6, TO_MEND), // 4:08.2 to 4:17.8, ja
    ("macs-and-time, scene 2, beat 1", 28.5, TO_MEND), // 0:25.5 to 0:54.0, ja
    ("macs-and-time, scene 2, beat 4", 9.9, TO_MEND), // 1:02.1 to 1:12.0, ja
    ("macs-and-time, scene 4, beat 4", 11.5, TO_MEND), // 2:33.9 to 2:45.4, ja
    ("macs-and-time, scene 5, beat 1", 8.4, TO_MEND), // 2:52.0 to 3:00.3, ja
    ("pixel-shuffle, scene 1, beat 2", 9.0, TO_MEND), // 0:21.6 to 0:30.6, ja
    ("pixel-shuffle, scene 2, beat 1", 11.9, TO_MEND), // 0:31.8 to 0:43.7, ja
    ("pixel-shuffle, scene 5, beat 1", 9.3, TO_MEND), // 2:15.3 to 2:24.5, ja
    ("pixel-shuffle, scene 5, beat 3", 9.5, TO_MEND), // 2:36.1 to 2:45.6, ja
    ("pixel-shuffle, scene 5, beat 4", 8.5, TO_MEND), // 2:47.0 to 2:55.4, ja
    ("pixel-shuffle, scene 6, beat 3", 9.1, TO_MEND), // 3:47.0 to 3:56.0, ja
    ("pixel-shuffle, scene 7, beat 1", 8.7, TO_MEND), // 3:58.6 to 4:07.3, ja
    ("pixel-shuffle, scene 8, beat 3", 10.4, TO_MEND), // 5:00.4 to 5:10.8, ja
    ("pointwise, scene 1, beat 3", 11.3, TO_MEND), // 0:21.5 to 0:32.8, ja
    ("pointwise, scene 1, beat 4", 10.9, TO_MEND), // 0:34.1 to 0:44.9, ja
    ("pointwise, scene 2, beat 1", 9.3, TO_MEND), // 0:46.8 to 0:56.0, ja
    ("pointwise, scene 2, beat 3", 8.1, TO_MEND), // 1:00.5 to 1:08.6, ja
    ("pointwise, scene 2, beat 7", 9.8, TO_MEND), // 1:27.1 to 1:36.8, ja
    ("pointwise, scene 5, beat 1", 8.8, TO_MEND), // 2:45.0 to 2:53.7, ja
    ("pointwise, scene 7, beat 3", 10.2, TO_MEND), // 4:05.8 to 4:16.0, ja
    ("pooling, scene 1, beat 5", 10.0, TO_MEND), // 0:29.8 to 0:39.7, ja
    ("pooling, scene 1, beat 9", 8.1, TO_MEND), // 0:55.9 to 1:04.0, ja
    ("pooling, scene 4, beat 3", 8.7, TO_MEND), // 3:15.7 to 3:24.4, ja
    ("pooling, scene 4, beat 5", 9.9, TO_MEND), // 3:40.9 to 3:50.8, ja
    ("pooling, scene 5, beat 1", 8.5, TO_MEND), // 3:52.0 to 4:00.5, ja
    ("pooling, scene 6, beat 1", 9.4, TO_MEND), // 4:29.6 to 4:39.0, ja
    ("quantisation, scene 1, beat 1", 9.6, TO_MEND), // 0:04.9 to 0:14.4, ja
    ("quantisation, scene 2, beat 1", 8.2, TO_MEND), // 0:27.4 to 0:35.6, en
    ("quantisation, scene 3, beat 1", 10.4, TO_MEND), // 1:00.9 to 1:11.2, en
    ("quantisation, scene 4, beat 1", 8.5, TO_MEND), // 1:44.8 to 1:53.2, ja
    ("quantisation, scene 5, beat 1", 10.6, TO_MEND), // 2:20.6 to 2:31.2, ja
    ("quantisation, scene 6, beat 1", 9.8, TO_MEND), // 2:58.2 to 3:07.9, en
    ("quantisation, scene 7, beat 3", 9.5, TO_MEND), // 4:15.8 to 4:25.3, ja
    ("quantisation, scene 7, beat 4", 9.2, TO_MEND), // 4:26.0 to 4:35.1, en
    ("quantisation, scene 8, beat 1", 8.9, TO_MEND), // 4:43.6 to 4:52.5, en
    ("quantisation, scene 8, beat 2", 8.4, TO_MEND), // 4:50.0 to 4:58.3, ja
    ("residual, scene 2, beat 1", 8.4, TO_MEND), // 0:54.1 to 1:02.4, ja
    ("residual, scene 2, beat 3", 10.1, TO_MEND), // 1:08.9 to 1:18.9, ja
    ("residual, scene 3, beat 1", 9.7, TO_MEND), // 1:20.8 to 1:30.4, ja
    ("residual, scene 3, beat 3", 8.4, TO_MEND), // 1:25.3 to 1:33.7, en
    ("residual, scene 3, beat 5", 9.8, TO_MEND), // 1:45.4 to 1:55.2, ja
    ("residual, scene 5, beat 1", 9.4, TO_MEND), // 2:45.8 to 2:55.1, ja
    ("residual, scene 6, beat 1", 8.9, TO_MEND), // 2:59.2 to 3:08.0, en
    ("residual, scene 7, beat 1", 9.2, TO_MEND), // 3:36.7 to 3:45.9, en
    ("residual, scene 7, beat 3", 8.3, TO_MEND), // 4:12.7 to 4:21.0, ja
    ("super-resolution, scene 1, beat 2", 10.3, TO_MEND), // 0:13.7 to 0:24.0, ja
    ("super-resolution, scene 1, beat 3", 9.3, TO_MEND), // 0:25.3 to 0:34.6, ja
    ("super-resolution, scene 4, beat 5", 11.3, TO_MEND), // 2:21.6 to 2:32.9, ja
    ("super-resolution, scene 6, beat 1", 10.0, TO_MEND), // 2:55.8 to 3:05.8, ja
    ("super-resolution, scene 6, beat 3", 9.4, TO_MEND), // 2:56.8 to 3:06.1, en
    ("super-resolution, scene 6, beat 5", 9.0, TO_MEND), // 3:25.4 to 3:34.4, ja
    ("super-resolution, scene 7, beat 1", 10.5, TO_MEND), // 3:41.0 to 3:51.5, ja
    ("super-resolution, scene 8, beat 2", 12.9, TO_MEND), // 3:59.6 to 4:12.5, ja
    ("super-resolution, scene 8, beat 6", 12.9, TO_MEND), // 5:01.5 to 5:14.3, ja
    ("super-resolution, scene 8, beat 7", 9.0, TO_MEND), // 5:14.9 to 5:23.9, ja
    ("trained-super-resolution, scene 2, beat 3", 9.1, TO_MEND), // 1:50.6 to 1:59.6, ja
    ("trained-super-resolution, scene 3, beat 2", 9.0, TO_MEND), // 2:15.8 to 2:24.8, ja
    ("trained-super-resolution, scene 6, beat 3", 9.4, TO_MEND), // 3:34.8 to 3:44.2, ja
    ("trained-super-resolution, scene 7, beat 1", 9.7, TO_MEND), // 3:46.0 to 3:55.6, ja
    ("trained-super-resolution, scene 7, beat 3", 9.3, TO_MEND), // 4:31.5 to 4:40.8, ja
    ("transposed, scene 1, beat 5", 9.7, TO_MEND), // 0:28.4 to 0:38.1, en
    ("transposed, scene 5, beat 1", 11.0, TO_MEND), // 2:52.1 to 3:03.1, ja
    ("transposed, scene 6, beat 3", 12.1, TO_MEND), // 3:47.7 to 3:59.8, ja
    ("transposed, scene 9, beat 1", 10.7, TO_MEND), // 4:45.3 to 4:55.9, ja
];

/// Stretches in which nothing is there, in seconds.
pub const EMPTY: Exceptions = &[
    (
        "digit-network, scene 6",
        0.3,
        "the camera crosses to what stands far away",
    ), // 2:56.9 to 2:57.2, en
    (
        "digit-network, scene 7",
        1.0,
        "the camera crosses to what stands far away",
    ), // 3:24.2 to 3:25.1, en
    (
        "digit-network, scene 8",
        1.0,
        "the camera crosses to what stands far away",
    ), // 3:55.0 to 3:55.9, en
    (
        "digit-network, scene 9",
        0.9,
        "the camera crosses to what stands far away",
    ), // 4:22.9 to 4:23.8, en
];
