using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LayerPeeled.Native.Border;
using LayerPeeled.Native.Handles;
using LayerPeeled.Native.Structs;
using LayerPeeled.Solver.Analysis.Comparison;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Solvers.Automatic;

namespace LayerPeeled.Native.Exports;

/// <summary>Members of the family side by side.</summary>
internal static unsafe class Comparisons
{
    [UnmanagedCallersOnly(EntryPoint = "lp_compare", CallConvs = [typeof(CallConvCdecl)])]
    public static int Compare(nint model, int* members, long memberCount, LpSolveOptions* options, LpControl* control, nint* result) => Call.Create(result, () =>
    {
        LayerPeeledModel own = HandleTable.Get<ModelHandle>(model, nameof(model)).Classes;
        AutomaticOptions how = SolveSettings.Automatic(options);
        FamilyMemberKind[] kinds = Kinds(members, memberCount);
        using RunControl run = RunControl.Of(control);
        var found = new List<ComparedMember>();
        foreach (FamilyMemberKind kind in kinds.TakeWhile(_ => !run.Token.IsCancellationRequested))
        {
            found.Add(FamilyComparison.Of(own, kind, how, cancellationToken: run.Token));
        }

        return new ComparisonHandle(found);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_comparison_get_members", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMembers(nint comparison, LpComparedMember* rows, long capacity, long* count) => Call.Run(() =>
    {
        ComparisonHandle handle = HandleTable.Get<ComparisonHandle>(comparison, nameof(comparison));
        Sized.WriteRows(rows, capacity, count, handle.Count, handle.Member);
    });

    [UnmanagedCallersOnly(EntryPoint = "lp_comparison_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(nint comparison) => Call.Run(() => HandleTable.Free<ComparisonHandle>(comparison, nameof(comparison)));

    private static FamilyMemberKind[] Kinds(int* members, long count)
    {
        if (count == 0)
        {
            return Enum.GetValues<FamilyMemberKind>();
        }

        if (members == null || count < 0 || count > Array.MaxLength)
        {
            throw new ArgumentException($"The array of {count} members is not there.", nameof(members));
        }

        return Array.ConvertAll(new ReadOnlySpan<int>(members, (int)count).ToArray(), kind => Choice.Of<FamilyMemberKind>(kind, nameof(members)));
    }
}
