"""A film of pictures that are drawn one by one."""

import shutil
import subprocess

SECONDS = 12  # that a film lasts, unless it has few or very many frames
RATES = (2, 25)  # frames per second, slowest and fastest


def frame_name(number):
    """Name of the file of one frame, counted from 0."""
    return f"frame_{number:05d}.png"


def encoder():
    """The program that makes films, None without it."""
    return shutil.which("ffmpeg")


def rate_of(frames):
    """Frames per second of a film with that many."""
    return min(max(round(frames / SECONDS), RATES[0]), RATES[1])


def encode(folder, target, frames):
    """Make `target` (.mp4) of the frames in `folder`; returns what the encoder says if that fails, else None."""
    # What most players and browsers can show: H.264 with half the colour resolution, so with even sizes.
    command = [encoder(), "-nostdin", "-loglevel", "error", "-y", "-framerate", str(rate_of(frames)),
               "-i", str(folder / "frame_%05d.png"), "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white",
               "-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else (done.stderr.strip() or f"exit code {done.returncode}")
