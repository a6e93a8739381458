// Fixtures run beside each other, so each has its own files and devices. One that looks at the whole process, its threads
// or its handlers of signals, is [NonParallelizable].
[assembly: Parallelizable(ParallelScope.Fixtures)]
