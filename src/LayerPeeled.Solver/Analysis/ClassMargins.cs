using LayerPeeled.Solver.Losses;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;

namespace LayerPeeled.Solver.Analysis;

/// <summary>Margins and losses of the classes of a solution, from its logits.</summary>
internal sealed class ClassMargins
{
    public ClassMargins(LayerPeeledSolution solution)
    {
        NuclearNormProgram program = solution.Factors.Program;
        LayerPeeledModel model = solution.Model;
        GroupedMatrix logits = program.CreateMatrix();
        solution.Factors.Product(logits);
        int n = program.GroupCount;
        var column = new double[n];
        var others = program.Sizes.ToArray();
        double loss = 0, classes = 0;
        Worst = double.PositiveInfinity;
        for (int h = 0; h < n; h++)
        {
            if (program.Weights[h] == 0)
            {
                continue;
            }

            others[h]--;
            double best = double.NegativeInfinity;
            for (int g = 0; g < n; g++)
            {
                column[g] = logits.OffDiagonal(g, h);
                best = others[g] > 0 ? Math.Max(best, column[g]) : best;
            }

            double own = column[h] + logits.Spread[h];
            loss += program.Sizes[h] * CrossEntropyLoss.Instance.Value(own, column, others);
            classes += program.Sizes[h];
            others[h]++;
            if (own - best < Worst)
            {
                Worst = own - best;
                WorstGroup = program.IsReduced ? h : model.GroupOfClass[h];
            }
        }

        BalancedLoss = loss / classes;
    }

    /// <summary>Smallest own logit minus best other logit over the classes with weight.</summary>
    public double Worst { get; }

    /// <summary>The group of the model where it is.</summary>
    public int WorstGroup { get; }

    /// <summary>Cross-entropy averaged over the classes with weight.</summary>
    public double BalancedLoss { get; }
}
