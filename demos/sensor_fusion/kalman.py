"""An extended Kalman filter that fuses an inertial sensor with LiDAR sweeps (Bar-Shalom, Li and Kirubarajan 2001).

Its state is (x, y, heading, speed): metres, radians, metres a second. It never sees where the cart is, only what the sensors said.
"""

import math

from pxr import Gf


def predict(
    estimate: Gf.Vec4d,
    covariance: Gf.Matrix4d,
    gyro: float,
    accelerometer: float,
    gyro_noise: float,
    accelerometer_noise: float,
    process_noise: float,
    delta_time: float,
):
    """Move the estimate as the inertial sensor says that the cart moved; `process_noise` is 1 for a filter that knows its sensors."""
    x, y, heading, speed = estimate[0], estimate[1], estimate[2], estimate[3]
    across, up = math.cos(heading) * delta_time, math.sin(heading) * delta_time
    predicted = Gf.Vec4d(x + speed * across, y + speed * up, heading + gyro * delta_time, speed + accelerometer * delta_time)

    transition = Gf.Matrix4d(1.0)
    transition[0, 2] = -speed * up
    transition[0, 3] = across
    transition[1, 2] = speed * across
    transition[1, 3] = up
    uncertainty = Gf.Matrix4d(0.0)
    uncertainty[2, 2] = process_noise * (gyro_noise * delta_time) ** 2
    uncertainty[3, 3] = process_noise * (accelerometer_noise * delta_time) ** 2
    predicted_covariance = transition * covariance * transition.GetTranspose() + uncertainty
    return predicted, predicted_covariance


def correct(predicted: Gf.Vec4d, predicted_covariance: Gf.Matrix4d, information: Gf.Matrix4d, gradient: Gf.Vec4d):
    """Pull the prediction to where the sweep fits: P⁺ = P (1 + Λ P)⁻¹ and x⁺ = x + P⁺ g, which is Kalman's update for all beams at once."""
    covariance = predicted_covariance * (Gf.Matrix4d(1.0) + information * predicted_covariance).GetInverse()
    covariance = (covariance + covariance.GetTranspose()) * 0.5
    estimate = predicted + covariance * gradient
    return estimate, covariance
