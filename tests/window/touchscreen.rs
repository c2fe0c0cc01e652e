//! A touchscreen: an X server of its own whose fingers are moved by this test, through the server's
//! test driver (`man inputtestdrv`). A display made only for tests, such as Xvfb, has none.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::PATIENCE;

/// Where distributions put the server; the one in the path may be a wrapper that asks for a console.
const SERVERS: [&str; 5] = [
    "/usr/lib/xorg/Xorg",
    "/usr/lib/Xorg",
    "/usr/libexec/Xorg",
    "/usr/libexec/Xorg.bin",
    "/usr/bin/Xorg",
];
/// How long the server may take to start.
const START: Duration = Duration::from_secs(20);

/// Width and height of the screen.
const SIZE: (f64, f64) = (1280.0, 720.0);
/// The largest coordinate of the driver's touchscreen.
const FAR: f64 = 65535.0;

/// The screen, and how fingers are moved on it.
pub struct Touchscreen {
    driver: UnixStream,
}

fn configuration(folder: &Path) -> String {
    let socket = folder.join("finger");
    format!(
        r#"Section "ServerFlags"
    Option "AutoAddDevices" "false"
    Option "AutoAddGPU" "false"
    Option "DontVTSwitch" "true"
EndSection
Section "Device"
    Identifier "card"
    Driver "dummy"
    VideoRam 65536
EndSection
Section "Monitor"
    Identifier "monitor"
    HorizSync 1-200
    VertRefresh 1-200
EndSection
Section "Screen"
    Identifier "screen"
    Device "card"
    Monitor "monitor"
    DefaultDepth 24
    SubSection "Display"
        Depth 24
        Modes "1280x720"
        Virtual 1280 720
    EndSubSection
EndSection
Section "InputDevice"
    Identifier "keys"
    Driver "inputtest"
    Option "SocketPath" "{keys}"
    Option "DeviceType" "Keyboard"
EndSection
Section "InputDevice"
    Identifier "mouse"
    Driver "inputtest"
    Option "SocketPath" "{mouse}"
    Option "DeviceType" "Pointer"
EndSection
Section "InputDevice"
    Identifier "finger"
    Driver "inputtest"
    Option "SocketPath" "{finger}"
    Option "DeviceType" "Touch"
    Option "TouchCount" "10"
EndSection
Section "ServerLayout"
    Identifier "layout"
    Screen "screen"
    InputDevice "mouse" "CorePointer"
    InputDevice "keys" "CoreKeyboard"
    InputDevice "finger" "SendCoreEvents"
EndSection
"#,
        keys = folder.join("keys").display(),
        mouse = folder.join("mouse").display(),
        finger = socket.display(),
    )
}

impl Touchscreen {
    /// Starts a server with a touchscreen: it, the number of its display, and the screen; or why
    /// this machine cannot have one.
    pub fn start(folder: &Path) -> Result<(Child, String, Self), String> {
        let server = SERVERS
            .iter()
            .find(|server| Path::new(server).exists())
            .ok_or("Xorg is not installed (`sudo apt-get install xserver-xorg-core`)")?;
        let (config, told, log) = (
            folder.join("xorg.conf"),
            folder.join("display"),
            folder.join("xorg.log"),
        );
        std::fs::write(&config, configuration(folder)).map_err(|why| why.to_string())?;
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(
                "exec \"$0\" -displayfd 3 -config \"$2\" -logfile \"$3\" -noreset -novtswitch \
                 -sharevts -keeptty -nolisten tcp 3>\"$1\"",
            )
            .args([Path::new(server), &told, &config, &log])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|why| why.to_string())?;
        let start = Instant::now();
        loop {
            let text = std::fs::read_to_string(&told).unwrap_or_default();
            if text.ends_with('\n')
                && let Ok(driver) = UnixStream::connect(folder.join("finger"))
            {
                let mut screen = Self { driver };
                screen.greet().map_err(|why| why.to_string())?;
                return Ok((child, text.trim().to_owned(), screen));
            }
            let ended = matches!(child.try_wait(), Ok(Some(_)));
            if ended || start.elapsed() > START {
                let _ = child.kill();
                let _ = child.wait();
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                let why: Vec<&str> = said
                    .lines()
                    .filter(|line| line.contains("(EE)"))
                    .filter(|line| !line.contains("(WW) warning"))
                    .collect();
                return Err(format!(
                    "an X server with a touchscreen cannot be started here (it takes \
                     xserver-xorg-core and xserver-xorg-video-dummy, and on some machines the rights of root): {}",
                    why.join("; ")
                ));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Tells the driver which protocol is spoken: version 1.1.
    fn greet(&mut self) -> std::io::Result<()> {
        self.driver.set_read_timeout(Some(PATIENCE))?;
        let mut message = [12_u32, 0].map(u32::to_ne_bytes).concat();
        message.extend([1_u16, 1].map(u16::to_ne_bytes).concat());
        self.driver.write_all(&message)?;
        self.driver.read_exact(&mut [0; 12])
    }

    /// Something happens to a finger; the server has dealt with it when this returns.
    fn touch(&mut self, finger: u32, kind: u32, (x, y): (f64, f64)) {
        const LENGTH: u32 = 1056;
        const TOUCH: u32 = 6;
        const WAIT: u32 = 1;
        let head = [LENGTH, TOUCH, finger, kind, 0].map(u32::to_ne_bytes);
        let mut message = head.concat();
        // The first two of 64 numbers are set, which are given twice: as they are and unaccelerated.
        message.extend([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let mut numbers = [0.0_f64; 128];
        (numbers[0], numbers[1]) = (x * FAR / SIZE.0, y * FAR / SIZE.1);
        message.extend(numbers.map(f64::to_ne_bytes).concat());
        assert_eq!(message.len(), LENGTH as usize);
        message.extend([8, WAIT].map(u32::to_ne_bytes).concat());
        self.driver.write_all(&message).unwrap();
        self.driver.read_exact(&mut [0; 8]).unwrap();
    }

    pub fn press(&mut self, finger: u32, at: (f64, f64)) {
        self.touch(finger, 18, at);
    }

    pub fn slide(&mut self, finger: u32, to: (f64, f64)) {
        self.touch(finger, 19, to);
    }

    pub fn lift(&mut self, finger: u32, at: (f64, f64)) {
        self.touch(finger, 20, at);
    }

    /// Fingers come down, go somewhere together in steps, and are lifted.
    pub fn glide(&mut self, paths: &[[(f64, f64); 2]]) {
        const STEPS: u32 = 8;
        let fingers = || (1..).zip(paths);
        for (finger, [from, _]) in fingers() {
            self.press(finger, *from);
        }
        for step in 1..=STEPS {
            std::thread::sleep(Duration::from_millis(120));
            let part = f64::from(step) / f64::from(STEPS);
            for (finger, [from, to]) in fingers() {
                let between = |a: f64, b: f64| a + (b - a) * part;
                self.slide(finger, (between(from.0, to.0), between(from.1, to.1)));
            }
        }
        std::thread::sleep(Duration::from_millis(120));
        for (finger, [_, to]) in fingers() {
            self.lift(finger, *to);
        }
        // The view comes to rest.
        std::thread::sleep(Duration::from_millis(1200));
    }

    pub fn tap(&mut self, at: (f64, f64)) {
        self.press(1, at);
        std::thread::sleep(Duration::from_millis(60));
        self.lift(1, at);
        std::thread::sleep(Duration::from_millis(500));
    }
}
