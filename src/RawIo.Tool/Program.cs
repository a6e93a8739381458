using RawIo.Tool;

return Cli.Run(args, Streams.OfProcess());
