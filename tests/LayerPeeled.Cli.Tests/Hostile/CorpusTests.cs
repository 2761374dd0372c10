using LayerPeeled.Fuzz;
using LayerPeeled.Fuzz.Mutations;
using LayerPeeled.Fuzz.Readers;

namespace LayerPeeled.Cli.Tests.Hostile;

/// <summary>
/// Every reader on the corpus of the fuzzer, small files that take most of the ways through the readers that it found, and on mutations of them: it reads or
/// refuses, in one line, within memory in proportion to the file. <c>bash build/fuzz.sh</c> makes the longer run, guided by coverage.
/// </summary>
public sealed class CorpusTests
{
    private const int Mutations = 1000;

    public static TheoryData<string> Readers => [.. FuzzedReaders.All.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Try_EveryFileOfTheCorpus_IsReadOrRefused(string name)
    {
        FuzzedReader reader = FuzzedReaders.All.Single(reader => reader.Name == name);
        IReadOnlyList<byte[]> files = Corpus.Read(Path.Combine(Corpus.Folder, name));
        int refusals = 0;
        foreach (byte[] file in files)
        {
            Assert.Null(reader.Try(file, ref refusals));
        }

        // Both ways are taken.
        Assert.InRange(refusals, 1, (files.Count * reader.Parts.Length) - 1);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Try_MutationsOfTheCorpus_AreReadOrRefused(string name)
    {
        FuzzedReader reader = FuzzedReaders.All.Single(reader => reader.Name == name);
        IReadOnlyList<byte[]> files = Corpus.Read(Path.Combine(Corpus.Folder, name));
        var random = new Random(1);
        var mutator = new Mutator(random, reader.Words, reader.Format);
        int refusals = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] mutation = mutator.Mutate(files[random.Next(files.Count)], files[random.Next(files.Count)], random.Next(1, 4));
            if (reader.Try(mutation, ref refusals) is { } fault)
            {
                Assert.Fail($"{Convert.ToBase64String(mutation)}: {fault}");
            }
        }

        Assert.InRange(refusals, Mutations / 100, (Mutations * reader.Parts.Length) - 1);
    }

    [Fact]
    public void Corpus_AllFiles_StaySmall()
    {
        long bytes = FuzzedReaders.All.Sum(reader => Corpus.Read(Path.Combine(Corpus.Folder, reader.Name)).Sum(file => (long)file.Length));
        Assert.InRange(bytes, 10_000, 300_000);
    }
}
