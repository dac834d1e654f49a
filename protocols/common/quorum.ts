/** Arithmetic of quorums. */

/**
 * The n-th largest of the numbers (1: the largest), which are reordered: what n servers have at
 * least reached. 0 when there are fewer than n. Expected O(length), without allocation: Hoare,
 * "Algorithm 65: Find", 1961.
 */
export function nthLargest(numbers: number[], n: number): number {
  const wanted = n - 1;
  let low = 0;
  let high = numbers.length - 1;
  if (wanted < low || wanted > high) return 0;
  while (low < high) {
    const pivot = numbers[(low + high) >> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((numbers[i] as number) > pivot) i++;
      while ((numbers[j] as number) < pivot) j--;
      if (i > j) break;
      const swapped = numbers[i] as number;
      numbers[i++] = numbers[j] as number;
      numbers[j--] = swapped;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return numbers[wanted] as number;
}
