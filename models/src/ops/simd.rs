//! Four floats at a time: the only file here that knows the machine.
//!
//! - wasm: one 128-bit register. With the crate feature `relaxed`, multiply-add is a single `f32x4.relaxed_madd` (fused where the
//!   processor can), enabled function by function, because burn's own SIMD crate does not compile when the whole build has
//!   `+relaxed-simd`. The two builds differ by the rounding of each multiply-add, nothing else.
//! - elsewhere: an array of four, which LLVM turns into the registers that the target has.
//!
//! A kernel that is to have the fused form inlined carries the line
//! `#[cfg_attr(all(target_arch = "wasm32", feature = "relaxed"), target_feature(enable = "relaxed-simd"))]`.

#![expect(
    clippy::inline_always,
    reason = "one instruction each: a call would cost more than its work, and hide it from the caller's registers"
)]

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32 as arch;

/// Four `f32`.
#[derive(Clone, Copy)]
pub(super) struct F32x4(
    #[cfg(target_arch = "wasm32")] arch::v128,
    #[cfg(not(target_arch = "wasm32"))] [f32; 4],
);

/// Number of lanes of [`F32x4`].
pub(super) const LANES: usize = 4;

#[cfg(target_arch = "wasm32")]
impl F32x4 {
    /// The same value in all lanes.
    #[inline(always)]
    pub(super) fn splat(value: f32) -> Self {
        Self(arch::f32x4_splat(value))
    }

    /// Reads four values.
    #[inline(always)]
    #[expect(unsafe_code, reason = "the intrinsic takes a raw pointer")]
    pub(super) fn load(from: &[f32; 4]) -> Self {
        // SAFETY: the reference covers the 16 bytes read, and the instruction asks for no alignment.
        Self(unsafe { arch::v128_load(from.as_ptr().cast()) })
    }

    /// Writes four values.
    #[inline(always)]
    #[expect(unsafe_code, reason = "the intrinsic takes a raw pointer")]
    pub(super) fn store(self, to: &mut [f32; 4]) {
        // SAFETY: the exclusive reference covers the 16 bytes written, and the instruction asks for no alignment.
        unsafe { arch::v128_store(to.as_mut_ptr().cast(), self.0) }
    }

    /// `self * factor + addend`, rounded once or twice.
    #[cfg(not(feature = "relaxed"))]
    #[inline(always)]
    pub(super) fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(arch::f32x4_add(arch::f32x4_mul(self.0, factor.0), addend.0))
    }

    /// `self * factor + addend`, rounded once or twice.
    #[cfg(feature = "relaxed")]
    #[inline]
    #[target_feature(enable = "relaxed-simd")]
    pub(super) fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(arch::f32x4_relaxed_madd(self.0, factor.0, addend.0))
    }

    /// Lane by lane sum.
    #[inline(always)]
    pub(super) fn add(self, other: Self) -> Self {
        Self(arch::f32x4_add(self.0, other.0))
    }

    /// Lane by lane maximum; a NaN may become either operand.
    #[inline(always)]
    pub(super) fn max(self, other: Self) -> Self {
        Self(arch::f32x4_pmax(other.0, self.0))
    }

    /// Lane by lane minimum; a NaN may become either operand.
    #[inline(always)]
    pub(super) fn min(self, other: Self) -> Self {
        Self(arch::f32x4_pmin(other.0, self.0))
    }

    /// The even and the odd elements of the eight values `low ++ high`.
    #[inline(always)]
    pub(super) fn deinterleave(low: Self, high: Self) -> (Self, Self) {
        (
            Self(arch::i32x4_shuffle::<0, 2, 4, 6>(low.0, high.0)),
            Self(arch::i32x4_shuffle::<1, 3, 5, 7>(low.0, high.0)),
        )
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl F32x4 {
    /// The same value in all lanes.
    #[inline(always)]
    pub(super) fn splat(value: f32) -> Self {
        Self([value; 4])
    }

    /// Reads four values.
    #[inline(always)]
    pub(super) fn load(from: &[f32; 4]) -> Self {
        Self(*from)
    }

    /// Writes four values.
    #[inline(always)]
    pub(super) fn store(self, to: &mut [f32; 4]) {
        *to = self.0;
    }

    /// `self * factor + addend`, rounded twice.
    #[inline(always)]
    pub(super) fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] * factor.0[i] + addend.0[i]))
    }

    /// Lane by lane sum.
    #[inline(always)]
    pub(super) fn add(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] + other.0[i]))
    }

    /// Lane by lane maximum.
    #[inline(always)]
    pub(super) fn max(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i].max(other.0[i])))
    }

    /// Lane by lane minimum.
    #[inline(always)]
    pub(super) fn min(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i].min(other.0[i])))
    }

    /// The even and the odd elements of the eight values `low ++ high`.
    #[inline(always)]
    pub(super) fn deinterleave(low: Self, high: Self) -> (Self, Self) {
        let (a, b) = (low.0, high.0);
        (Self([a[0], a[2], b[0], b[2]]), Self([a[1], a[3], b[1], b[3]]))
    }
}

impl F32x4 {
    /// Applies an activation lane by lane.
    #[inline(always)]
    pub(super) fn activate(self, activation: super::Activation) -> Self {
        match activation {
            super::Activation::None => self,
            super::Activation::Relu6 => self.max(Self::splat(0.0)).min(Self::splat(6.0)),
        }
    }
}
