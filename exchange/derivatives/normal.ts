const SQRT_2PI = Math.sqrt(2 * Math.PI);

/** Density of the standard normal distribution. */
export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / SQRT_2PI;

/** Distribution function of the standard normal, to double precision (Hart 1968, after West 2005). */
export function normalCdf(x: number): number {
  const z = Math.abs(x);
  if (z > 37) return x > 0 ? 1 : 0;
  const density = Math.exp(-0.5 * z * z);
  let tail: number;
  if (z < 7.071_067_811_865_47) {
    let top = 0.035_262_496_599_891_1 * z + 0.700_383_064_443_688;
    top = (((top * z + 6.373_962_203_531_65) * z + 33.912_866_078_383) * z + 112.079_291_497_871) * z;
    top = (top + 221.213_596_169_931) * z + 220.206_867_912_376;
    let bottom = 0.088_388_347_648_318_4 * z + 1.755_667_163_182_64;
    bottom = ((bottom * z + 16.064_177_579_207) * z + 86.780_732_202_946_1) * z + 296.564_248_779_674;
    bottom = ((bottom * z + 637.333_633_378_831) * z + 793.826_512_519_948) * z + 440.413_735_824_752;
    tail = (density * top) / bottom;
  } else {
    tail = density / (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) / 2.506_628_274_631;
  }
  return x > 0 ? 1 - tail : tail;
}
