using LayerPeeled.Cli;

Terminal terminal = Terminal.OfProcess();
using var interruption = new Interruption(terminal);
return Tool.Run(args, terminal, interruption.Listen);
